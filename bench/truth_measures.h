// What bench_demo_truth says of an order whose truth is known: rank correlations, and
// intervals of a ratio of means over the same queries.
//
// Pure functions; any thread. Correlations cost n^2 steps, for some hundred candidates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/math/statistics.h"

namespace handsel::bench {

// The place of each value among all in growing order, from 1; equal ones share the mean.
std::vector<double> mean_ranks(std::span<const double> values);

// Spearman's rank correlation: Pearson's of mean_ranks(). Nothing where one side is all the same.
std::optional<double> spearman(std::span<const double> a, std::span<const double> b);
// Kendall's tau-b, which takes ties out of both sides (Kendall 1945, "The treatment of ties in
// ranking problems"). Nothing where one side is all the same.
std::optional<double> kendall(std::span<const double> a, std::span<const double> b);

// mean(a) / mean(b) with its 95 % interval: a bootstrap that draws pairs (percentiles).
Interval ratio_of_means(std::span<const double> a, std::span<const double> b, std::size_t resamples,
                        std::uint64_t seed);

}  // namespace handsel::bench

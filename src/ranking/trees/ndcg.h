// How good scores order the rows of a group: discounted gain of the first `at` places over
// that of the best order. Discount of rank r (from 1): 1 / log2(r + 1). Gains are linear
// here; who wants 2^grade - 1 writes that into the rows.
//
// Pure; any thread; O(n log n) a group. The order is descending score; equal scores keep the
// order of the rows, NaN goes last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ranking/trees/ranking_rows.h"

namespace handsel::trees {

std::vector<std::uint32_t> order_of(std::span<const float> scores);

// Of a group where no row has a gain: not a number, for it says nothing.
double ndcg(std::span<const float> scores, std::span<const float> gains, std::size_t at);

// One value a group; and their mean over those that say something (0 where none does).
std::vector<double> ndcg_of_groups(const RankingRows& rows, std::span<const float> scores, std::size_t at);
double mean_of_known(std::span<const double> values);

}  // namespace handsel::trees

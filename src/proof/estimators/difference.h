// The difference of two means, and of two ratios, with its interval.
//
// An arm comes in as pseudo-values, one per unit, whose mean is the arm's estimate: the values themselves for a
// mean; for a ratio of sums r = sum(a) / sum(b) the linearised r + (a_i - r b_i) / mean(b) (delta method: Deng,
// Knoblich & Lu 2018, "Applying the Delta Method in Metric Analytics", KDD). So one set of formulas serves all:
//   difference   d = mean_t - mean_c,   error^2 = var_t / n_t + var_c / n_c
//   lift         l = mean_t / mean_c - 1, error^2 = (V_t + (1 + l)^2 V_c - 2 (1 + l) C) / mean_c^2   (delta method)
// Intervals and p-values: Student's t with Welch's degrees of freedom (Welch 1947), the normal distribution for
// proportions, or t with clusters - 2 degrees. Assumes independent units or clusters, and a mean that is near normal.
// Units: those of the metric. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "base/core/result.h"

namespace handsel::estimators {

// What both arms say, whichever way it was computed: means, the variances of these means, and their covariance
// (not 0 where a cluster has units in both arms).
struct Pair {
  double control = 0;
  double treated = 0;
  double control_variance = 0;
  double treated_variance = 0;
  double covariance = 0;
  double freedom = std::numeric_limits<double>::infinity();  // of t; infinite: normal
};

struct Difference {
  double estimate = 0;
  double error = 0;
  double low = 0;
  double high = 0;
  double p = 1;
  // Relative to the control's estimate; not a number where that is 0. A control that may well be 0 (nearer than three
  // errors) has no honest interval of the lift: its bounds are not numbers.
  double lift = 0;
  double lift_low = 0;
  double lift_high = 0;
};

Difference difference_of(const Pair& pair, double confidence);

// kInvalidData: under two units in an arm, a value that is not finite, or no variation in both arms together.
Result<Pair> welch_pair(std::span<const double> control, std::span<const double> treated);
// For values of 0 and 1: variances p (1 - p) / n, normal. kInvalidData for other values.
Result<Pair> proportion_pair(std::span<const double> control, std::span<const double> treated);
// Clusters are numbers from 0 below `count`; each unit has one. Errors G / (G - 1) sum_g (sum_i psi_i)^2.
struct Clustered {
  std::span<const double> values;
  std::span<const std::uint32_t> clusters;
};
Result<Pair> cluster_pair(const Clustered& control, const Clustered& treated, std::size_t count);
// Strata likewise: sum_s w_s (mean_ts - mean_cs), with w_s the share of the stratum in all units (post-stratification:
// Miratrix, Sekhon & Yu 2013). kInvalidData names a stratum with under two units in an arm.
struct Stratified {
  std::span<const double> values;
  std::span<const std::uint32_t> strata;
};
Result<Pair> stratum_pair(const Stratified& control, const Stratified& treated, std::size_t count);

// The quantile of each arm (type 7), and for its error the order statistics about it (Woodruff 1952): the values at
// ranks n q -+ z n s, s the error of the share below the quantile. With clusters, s is theirs (the "outer" interval of
// Deng, Knoblich & Lu 2018). Normal.
Result<Pair> quantile_pair(std::span<const double> control, std::span<const double> treated, double share);
Result<Pair> quantile_cluster_pair(const Clustered& control, const Clustered& treated, std::size_t count, double share);

// The same with errors by the outer bootstrap: units, or whole clusters with all their rows, are drawn again with
// replacement, and the variance of the quantiles is taken. It needs no interval of the share to be straight, so it
// holds where values are few, lumpy or in clusters of unlike sizes. Of independent units the k-th smallest of n drawn
// again is the value at the share U of the sorted ones, U ~ Beta(k, n - k + 1): two draws in place of n (exact, not an
// approximation). Clusters get multinomial weights: resamples * rows.
struct Resampling {
  std::size_t resamples = 1000;
  std::uint64_t seed = 1;
};
inline constexpr std::size_t kResamplesMax = 100'000;
// kInvalidArgument: under 2 resamples or more than kResamplesMax.
Result<Pair> quantile_bootstrap_pair(std::span<const double> control, std::span<const double> treated, double share,
                                     const Resampling& resampling);
Result<Pair> quantile_cluster_bootstrap_pair(const Clustered& control, const Clustered& treated, std::size_t count,
                                             double share, const Resampling& resampling);

}  // namespace handsel::estimators

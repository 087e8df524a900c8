// What an evaluation says about its own uncertainty: means, quantiles, intervals
// and tests for pairs of runs.
//
// Pure functions, any thread. Randomness comes from a seed, so that a report can be
// computed again to the last digit. Resampling costs resamples * n additions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace handsel {

// Of nothing: 0.
double mean(std::span<const double> values);
// Sample variance, divided by n - 1. Under two values: 0.
double variance(std::span<const double> values);

// Linear between order statistics: Hyndman & Fan 1996, "Sample Quantiles in
// Statistical Packages", type 7 (the default of R and NumPy). 0 <= share <= 1; of
// nothing: not a number.
double quantile(std::span<const double> values, double share);
// The same for values in growing order, without the copy and the sort.
double quantile_of_sorted(std::span<const double> sorted, double share);

// I_x(a, b), the regularised incomplete beta function; a, b > 0, 0 <= x <= 1.
// DLMF 8.17.22, the continued fraction; about 1e-14.
double incomplete_beta(double a, double b, double x);

// P(Z <= z) of a standard normal, and its inverse for 0 < p < 1 (Wichura 1988,
// "Algorithm AS 241", PPND16; about 1e-15).
double normal_cdf(double z);
double normal_quantile(double p);

// P(T > t) of Student's t with `freedom` > 0 degrees of freedom (DLMF 8.17; Abramowitz &
// Stegun 26.7.1).
double student_t_survival(double t, double freedom);

// The t with P(T <= t) = p, for 0 < p < 1 (bisection of the above; about 1e-10).
double student_t_quantile(double p, double freedom);

// P(X > x) of the chi-square distribution with `freedom` > 0 degrees of freedom (DLMF 8.7.1 and
// 8.9.2, the incomplete gamma function by series or continued fraction). Below 0: 1.
double chi_square_survival(double x, double freedom);

// Two-sided p-value of Student's t-test for pairs, given their differences. Under
// two pairs, or where all are 0: 1. Where all are the same and not 0: 0.
double paired_t_test(std::span<const double> differences);

// Two-sided p-value of Fisher's randomisation test for pairs: how often do random
// signs give a mean at least as far from 0? Estimated as (extreme + 1) / (rounds + 1)
// (Phipson & Smyth 2010), so never 0; exact, over all signs, for up to 12 pairs.
double randomisation_test(std::span<const double> differences, std::size_t rounds, std::uint64_t seed);

struct Interval {
  double estimate = 0;  // of the values as they are
  double low = 0;
  double high = 0;
};

// Interval of the mean by the percentile bootstrap: simple, a little narrow for few
// values (Efron & Tibshirani 1993, "An Introduction to the Bootstrap", 13.3). For a
// comparison of pairs give it the differences. Of nothing: zeros.
Interval bootstrap_mean(std::span<const double> values, std::size_t resamples, std::uint64_t seed,
                        double confidence = 0.95);
// The same, bias-corrected and accelerated (BCa; the same book, 14.3): better where
// values are skewed.
Interval bootstrap_mean_bca(std::span<const double> values, std::size_t resamples, std::uint64_t seed,
                            double confidence = 0.95);

}  // namespace handsel

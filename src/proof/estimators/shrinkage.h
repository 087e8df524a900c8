// Many effects, each measured with an error, pulled towards what effects of their kind usually are: empirical Bayes in
// the normal-normal model.
//
//   y_i ~ N(theta_i, s_i^2),   theta_i ~ N(m, t^2)
// t^2 is estimated by the method of moments of DerSimonian & Laird 1986 ("Meta-Analysis in Clinical Trials"):
//   t^2 = max(0, (Q - (k - 1)) / (sum w - sum w^2 / sum w)),   w_i = 1 / s_i^2,   Q = sum w_i (y_i - y_w)^2
// m is the mean weighted with 1 / (s_i^2 + t^2), and the posterior of theta_i is normal with
//   mean B_i m + (1 - B_i) y_i,   variance (1 - B_i) s_i^2,   B_i = s_i^2 / (s_i^2 + t^2)
// (Efron & Morris 1975; Deng 2015, "Objective Bayesian Two Sample Hypothesis Testing for Online Controlled
// Experiments"). The errors of m and t^2 themselves are left out, so with few effects the intervals are somewhat
// narrow; under kEffectsMin nothing is shrunk. Pure, any thread.
#pragma once

#include <span>
#include <vector>

#include "base/core/result.h"

namespace handsel::estimators {

inline constexpr std::size_t kEffectsMin = 3;

struct MeasuredEffect {
  double estimate = 0;
  double error = 0;  // standard error, positive
};

struct Shrunk {
  double mean = 0;                      // m
  double deviation = 0;                 // t
  std::vector<MeasuredEffect> effects;  // posterior means and deviations, in the order given
};

// kInvalidData: fewer than kEffectsMin, an error that is not positive, a number that is not finite.
Result<Shrunk> shrink(std::span<const MeasuredEffect> effects);

}  // namespace handsel::estimators

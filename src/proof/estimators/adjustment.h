// Takes out of an outcome what was known of the units before the experiment, so that less is left to chance.
//
//   CUPED       v_i - theta' (x_i - mean of x over all arms), theta from the covariances within arms, pooled (Deng, Xu,
//               Kohavi & Walker 2013, "Improving the Sensitivity of Online Controlled Experiments by Utilizing
//               Pre-Experiment Data", WSDM). The variance falls by the factor 1 - R^2.
//   Regression  the same with a theta for each arm: the regression with interactions of Lin 2013 ("Agnostic notes on
//               regression adjustments to experimental data", Annals of Applied Statistics 7). That the mean of x is an
//               estimate, too, adds (theta_t - theta_c)' S (theta_t - theta_c) / n to the variance of the difference.
// Both leave the estimate unbiased (up to 1/n) because treatment cannot have changed x: x must be from before. Pure,
// any thread; cost n k^2.
#pragma once

#include <span>
#include <vector>

#include "base/core/result.h"

namespace handsel::estimators {

enum class Adjustment : std::uint8_t { kNone, kCuped, kRegression };

// One arm: values, and for each covariate its values in the same order.
struct ArmData {
  std::span<const double> values;
  std::vector<std::span<const double>> covariates;
};

struct Adjusted {
  std::vector<std::vector<double>> values;  // by arm, in the order of the units
  double variance_kept = 1;                 // share of the variance within arms that is left
  // What to add to the variance of the difference of arms i and 0; 0 for CUPED.
  std::vector<double> extra_variance;
};

// kInvalidData: a covariate that is constant or explained by others, or that is not finite. `names` are for the
// message.
Result<Adjusted> adjust(std::span<const ArmData> arms, std::span<const std::string> names, Adjustment how);

}  // namespace handsel::estimators

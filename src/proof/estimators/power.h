// How many units an experiment needs, and what it can find with those it has.
//
// For Student's two-sided t-test of two means with variance s^2 each, n1 units in the control and n2 = ratio * n1 in
// the treated arm, and a true difference of d standard deviations, the statistic has the noncentral t distribution with
// n1 + n2 - 2 degrees of freedom and noncentrality d sqrt(n1 n2 / (n1 + n2)) (Cohen 1988, "Statistical Power Analysis
// for the Behavioral Sciences", chapter 2). Its distribution function is the series of Lenth 1989 ("Algorithm AS 243",
// Applied Statistics 38); beyond kFreedomNormal degrees of freedom the normal distribution, which is the same to 1e-7.
// Means of many units are near normal, so this serves for any metric whose variance is known. Pure, any thread.
#pragma once

#include "base/core/result.h"

namespace handsel::estimators {

inline constexpr double kFreedomNormal = 1e7;
inline constexpr double kPlannedUnitsMax = 1e12;

// P(T <= t), T noncentral t; |noncentrality| up to 37, where the series still has digits.
double noncentral_t_cdf(double t, double freedom, double noncentrality);

struct Design {
  double alpha = 0.05;
  double power = 0.8;
  double ratio = 1;  // of the treated arm's units to the control's
};

// The chance to find a difference of `effect` standard deviations with `units` in the control.
double power_of(double effect, double units, const Design& design);

// Units of the control that find `effect` with the design's power. kInvalidArgument: a chance that is not between 0 and
// 1, an effect of 0 or one that is no number, a ratio that is not positive. kTooLarge: more than kPlannedUnitsMax.
Result<double> units_needed(double effect, const Design& design);
// The smallest effect, in standard deviations, that `units` in the control find with the design's power.
// kInvalidArgument as above, and under 2 units in an arm.
Result<double> detectable_effect(double units, const Design& design);

}  // namespace handsel::estimators

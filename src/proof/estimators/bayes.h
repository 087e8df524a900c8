// What to believe of a difference, given a prior that is stated: normal about 0, with a standard deviation in units
// of the control's own (kPriorDeviation: nineteen effects of twenty are under a fifth of a standard deviation). The
// likelihood is normal with the estimate's error; the posterior is normal, in closed form (Gelman et al. 2013,
// "Bayesian Data Analysis", 2.5). Expected loss is what one gives away on average by choosing that arm
// (Stucchio 2015, "Bayesian A/B Testing at VWO"). Units: those of the metric. Pure functions, any thread.
#pragma once

namespace handsel::estimators {

inline constexpr double kPriorDeviation = 0.1;

struct Posterior {
  double mean = 0;
  double deviation = 0;
  double low = 0;  // credible interval
  double high = 0;
  double better = 0.5;      // P(difference > 0)
  double loss_treated = 0;  // expected loss of choosing the treated arm where more is better
  double loss_control = 0;
};

// prior_deviation > 0 in units of the metric. An error of 0 leaves the estimate alone.
Posterior posterior_of(double estimate, double error, double prior_deviation, double confidence);

}  // namespace handsel::estimators

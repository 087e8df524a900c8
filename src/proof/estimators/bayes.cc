#include "proof/estimators/bayes.h"

#include <cmath>
#include <numbers>

#include "base/math/statistics.h"

namespace handsel::estimators {

Posterior posterior_of(double estimate, double error, double prior_deviation, double confidence) {
  const double prior = prior_deviation * prior_deviation;
  const double noise = error * error;
  Posterior out;
  out.mean = prior + noise > 0 ? estimate * prior / (prior + noise) : 0;
  out.deviation = prior + noise > 0 ? std::sqrt(prior * noise / (prior + noise)) : 0;
  const double reach = normal_quantile(0.5 + confidence / 2) * out.deviation;
  out.low = out.mean - reach;
  out.high = out.mean + reach;
  if (out.deviation == 0) {
    out.better = out.mean > 0 ? 1 : out.mean < 0 ? 0 : 0.5;
    out.loss_treated = std::fmax(0.0, -out.mean);
    out.loss_control = std::fmax(0.0, out.mean);
    return out;
  }
  const double z = out.mean / out.deviation;
  const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
  out.better = normal_cdf(z);
  out.loss_treated = out.deviation * density - out.mean * normal_cdf(-z);
  out.loss_control = out.deviation * density + out.mean * normal_cdf(z);
  return out;
}

}  // namespace handsel::estimators

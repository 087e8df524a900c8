#include "proof/mediation/effect.h"

#include <cmath>
#include <limits>

namespace handsel::mediation {

Effect effect_from(double estimate, double error, double control_mean, double confidence) {
  Effect effect{.estimate = estimate, .error = error};
  effect.z = error > 0 ? estimate / error : 0;
  effect.p = error > 0 ? 2 * normal_cdf(-std::fabs(effect.z)) : 1;
  const double reach = normal_quantile(0.5 + confidence / 2) * error;
  effect.low = estimate - reach;
  effect.high = estimate + reach;
  const double scale = control_mean != 0 ? 100 / std::fabs(control_mean) : std::numeric_limits<double>::quiet_NaN();
  effect.percent = estimate * scale;
  effect.percent_low = effect.low * scale;
  effect.percent_high = effect.high * scale;
  return effect;
}

}  // namespace handsel::mediation

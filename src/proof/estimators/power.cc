#include "proof/estimators/power.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/math/statistics.h"

namespace handsel::estimators {
namespace {

constexpr double kNoncentralityMax = 37;  // exp(-37^2 / 2) is the last that is not 0
constexpr int kTermsMax = 4000;
constexpr int kHalvings = 200;

Result<void> check(const Design& design) {
  const auto is_chance = [](double value) { return value > 0 && value < 1; };
  if (!is_chance(design.alpha) || !is_chance(design.power)) {
    return fail(Code::kInvalidArgument, "alpha {} and power {} have to be between 0 and 1", design.alpha, design.power);
  }
  if (!(design.ratio > 0) || !std::isfinite(design.ratio)) {
    return fail(Code::kInvalidArgument, "a ratio of arms of {} is not positive", design.ratio);
  }
  return {};
}

// t >= 0.
double upper_half(double t, double freedom, double d) {
  const double x = t * t / (t * t + freedom);
  const double half = d * d / 2;
  double p = std::exp(-half);
  double q = d * std::exp(-half) * std::numbers::sqrt2 * std::numbers::inv_sqrtpi;  // d exp() / (sqrt(2) Gamma(3/2))
  double sum = 0;
  double left = 1 - p;  // how much weight is still to come
  for (int j = 0; j < kTermsMax; ++j) {
    sum += p * incomplete_beta(j + 0.5, freedom / 2, x) + q * incomplete_beta(j + 1.0, freedom / 2, x);
    if (j > half && left < 1e-16) break;
    p *= half / (j + 1);
    q *= half / (j + 1.5);
    left -= p;
  }
  return normal_cdf(-d) + sum / 2;
}

}  // namespace

double noncentral_t_cdf(double t, double freedom, double noncentrality) {
  if (freedom > kFreedomNormal) return normal_cdf(t - noncentrality);
  return t >= 0 ? upper_half(t, freedom, noncentrality) : 1 - upper_half(-t, freedom, -noncentrality);
}

double power_of(double effect, double units, const Design& design) {
  const double treated = design.ratio * units;
  const double freedom = units + treated - 2;
  const double noncentrality = std::fabs(effect) * std::sqrt(units * treated / (units + treated));
  const double critical = freedom > kFreedomNormal ? normal_quantile(1 - design.alpha / 2)
                                                   : student_t_quantile(1 - design.alpha / 2, freedom);
  if (noncentrality > kNoncentralityMax) return noncentrality > 2 * critical ? 1 : 0;
  return 1 - noncentral_t_cdf(critical, freedom, noncentrality) + noncentral_t_cdf(-critical, freedom, noncentrality);
}

Result<double> units_needed(double effect, const Design& design) {
  HANDSEL_TRY(check(design));
  if (!(std::fabs(effect) > 0) || !std::isfinite(effect)) {
    return fail(Code::kInvalidArgument, "an effect of {} has no number of units", effect);
  }
  double low = std::max(2.0, 2.0 / design.ratio);
  double high = low;
  while (power_of(effect, high, design) < design.power) {
    high *= 2;
    if (high > kPlannedUnitsMax) {
      return fail(Code::kTooLarge, "more than {:g} units would be needed", kPlannedUnitsMax);
    }
  }
  if (high == low) return low;
  low = high / 2;
  for (int i = 0; i < kHalvings && high - low > 1e-9 * high; ++i) {
    const double middle = (low + high) / 2;
    (power_of(effect, middle, design) < design.power ? low : high) = middle;
  }
  return (low + high) / 2;
}

Result<double> detectable_effect(double units, const Design& design) {
  HANDSEL_TRY(check(design));
  if (!(units >= 2) || !(units * design.ratio >= 2) || !std::isfinite(units)) {
    return fail(Code::kInvalidArgument, "{} units in the control and {} treated are too few", units,
                units * design.ratio);
  }
  const double root = std::sqrt(units * design.ratio / (1 + design.ratio));
  double low = 0;
  double high = kNoncentralityMax / root;
  for (int i = 0; i < kHalvings && high - low > 1e-11 * high; ++i) {
    const double middle = (low + high) / 2;
    (power_of(middle, units, design) < design.power ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace handsel::estimators

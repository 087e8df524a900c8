#include "proof/estimators/shrinkage.h"

#include <algorithm>
#include <cmath>

namespace handsel::estimators {
namespace {

double weighted_mean(std::span<const MeasuredEffect> effects, double between) {
  double weights = 0, sum = 0;
  for (const MeasuredEffect& effect : effects) {
    const double weight = 1 / (effect.error * effect.error + between);
    weights += weight;
    sum += weight * effect.estimate;
  }
  return sum / weights;
}

double variance_between(std::span<const MeasuredEffect> effects) {
  const double center = weighted_mean(effects, 0);
  double weights = 0, squares = 0, q = 0;
  for (const MeasuredEffect& effect : effects) {
    const double weight = 1 / (effect.error * effect.error);
    weights += weight;
    squares += weight * weight;
    q += weight * (effect.estimate - center) * (effect.estimate - center);
  }
  const double spread = weights - squares / weights;
  return spread > 0 ? std::max(0.0, (q - static_cast<double>(effects.size() - 1)) / spread) : 0;
}

}  // namespace

Result<Shrunk> shrink(std::span<const MeasuredEffect> effects) {
  if (effects.size() < kEffectsMin) {
    return fail(Code::kInvalidData, "{} effects are too few to learn what effects usually are; {} are the least",
                effects.size(), kEffectsMin);
  }
  for (const MeasuredEffect& effect : effects) {
    if (!std::isfinite(effect.estimate) || !(effect.error > 0) || !std::isfinite(effect.error)) {
      return fail(Code::kInvalidData, "an effect of {} with an error of {} cannot be shrunk", effect.estimate,
                  effect.error);
    }
  }
  const double between = variance_between(effects);
  Shrunk out{.mean = weighted_mean(effects, between), .deviation = std::sqrt(between), .effects = {}};
  for (const MeasuredEffect& effect : effects) {
    const double own = effect.error * effect.error;
    const double pull = own / (own + between);
    out.effects.push_back(
        {.estimate = pull * out.mean + (1 - pull) * effect.estimate, .error = std::sqrt((1 - pull) * own)});
  }
  return out;
}

}  // namespace handsel::estimators

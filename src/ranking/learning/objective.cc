#include "ranking/learning/objective.h"

#include <algorithm>
#include <cmath>

namespace handsel::learning {
namespace {

constexpr double kValueUnit = 10;  // the bought value that doubles the logarithm's argument

}  // namespace

double gain_of(const Outcome& outcome, const Objective& objective) {
  if (!outcome.acted() || outcome.rejected) return 0;
  double gain = 0;
  if (outcome.clicked) gain = std::max(gain, objective.click);
  if (outcome.favourited) gain = std::max(gain, objective.favourite);
  if (outcome.carted) gain = std::max(gain, objective.cart);
  if (outcome.purchased) gain = std::max(gain, objective.purchase);
  if (outcome.bought_value > 0) gain += objective.profit * std::log2(1 + outcome.bought_value / kValueUnit);
  if (outcome.age_days >= 0 && objective.fresh_half_life_days > 0) {
    gain *= 1 + objective.freshness * std::exp2(-outcome.age_days / objective.fresh_half_life_days);
  }
  // Hostile weights or values end here: NaN becomes 0.
  return gain > 0 ? std::min(gain, kObjectiveGainMax) : 0;
}

std::array<std::pair<std::string_view, double>, 7> weights_of(const Objective& objective) {
  return {{{"click", objective.click},
           {"favourite", objective.favourite},
           {"cart", objective.cart},
           {"purchase", objective.purchase},
           {"profit", objective.profit},
           {"freshness", objective.freshness},
           {"fresh_half_life_days", objective.fresh_half_life_days}}};
}

}  // namespace handsel::learning

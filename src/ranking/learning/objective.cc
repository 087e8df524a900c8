#include "ranking/learning/objective.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace handsel::learning {
namespace {

struct Weight {
  std::string_view name;
  double Objective::* member;
};

constexpr std::array kWeights = {Weight{"click", &Objective::click},
                                 Weight{"favourite", &Objective::favourite},
                                 Weight{"cart", &Objective::cart},
                                 Weight{"purchase", &Objective::purchase},
                                 Weight{"profit", &Objective::profit},
                                 Weight{"freshness", &Objective::freshness},
                                 Weight{"fresh_half_life_days", &Objective::fresh_half_life_days}};

// "cart=4"
Result<void> set_weight(Objective& objective, std::string_view part) {
  const std::size_t equals = std::min(part.find('='), part.size());
  const auto weight = std::ranges::find(kWeights, part.substr(0, equals), &Weight::name);
  if (weight == kWeights.end()) {
    return fail(Code::kInvalidArgument,
                "objective: '{}' is no weight; there are click, favourite, cart, purchase, profit, freshness and "
                "fresh_half_life_days, each with =NUMBER",
                part.substr(0, 64));
  }
  const std::string_view text = part.substr(std::min(equals + 1, part.size()));
  const bool is_half_life = weight->member == &Objective::fresh_half_life_days;
  const double most = is_half_life ? kHalfLifeDaysMax : kObjectiveGainMax;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (!is_number || !(value >= 0 && value <= most) || (is_half_life && value == 0)) {
    return fail(Code::kInvalidArgument, "objective: {} takes a number {} 0 and at most {}, found '{}'", weight->name,
                is_half_life ? "above" : "from", most, text.substr(0, 64));
  }
  objective.*weight->member = value;
  return {};
}

}  // namespace

double gain_of(const Outcome& outcome, const Objective& objective) {
  if (!outcome.acted() || outcome.rejected) return 0;
  double gain = 0;
  if (outcome.clicked) gain = std::max(gain, objective.click);
  if (outcome.favourited) gain = std::max(gain, objective.favourite);
  if (outcome.carted) gain = std::max(gain, objective.cart);
  if (outcome.purchased) gain = std::max(gain, objective.purchase);
  if (outcome.bought_value > 0) gain += objective.profit * std::log2(1 + outcome.bought_value);
  if (outcome.age_days >= 0 && objective.fresh_half_life_days > 0) {
    gain *= 1 + objective.freshness * std::exp2(-outcome.age_days / objective.fresh_half_life_days);
  }
  // Hostile weights or values end here: NaN becomes 0.
  return gain > 0 ? std::min(gain, kObjectiveGainMax) : 0;
}

std::string to_text(const Objective& objective) {
  std::string text;
  for (const Weight& weight : kWeights) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ",", weight.name, objective.*weight.member);
  }
  return text;
}

Result<Objective> parse_objective(std::string_view text) {
  Objective objective;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    HANDSEL_TRY(set_weight(objective, text.substr(0, comma)));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  if (objective.click + objective.favourite + objective.cart + objective.purchase <= 0) {
    return fail(Code::kInvalidArgument, "objective: nothing that a person does has a weight above 0");
  }
  return objective;
}

}  // namespace handsel::learning

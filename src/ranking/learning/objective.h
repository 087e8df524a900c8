// What an outcome is worth: several objectives become one graded gain, with the weights in
// view.
//
//   gain = (greatest weight among the actions that happened
//           + profit * log2(1 + bought value))  *  (1 + freshness * 2^(-age / half life))
//
// in units of a click, cut at kObjectiveGainMax; 0 where nothing happened. The greatest and
// not the sum, because a purchase usually comes with a click, and a favourite less often: the
// sum would reward shops whose pages need many clicks. The logarithm, so that one dear sale
// does not outweigh what many people want (price-weighted objectives drift to the dear end of
// the shop otherwise); in units of what a purchase usually is worth in its currency
// (usual_purchases.h), so that the weight means the same in euros and in yen. Freshness raises gains of new listings
// that people acted on, never of those they passed over.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/core/result.h"

namespace handsel::learning {

inline constexpr double kObjectiveGainMax = 100;  // nor is a weight above it, for it could tell nothing apart

// What a person did with a listing that was shown.
struct Outcome {
  bool clicked = false;
  bool favourited = false;
  bool carted = false;
  bool purchased = false;
  bool rejected = false;    // hidden or reported: worth nothing, whatever else happened
  double bought_value = 0;  // price times quantity, in units of what a purchase usually is worth
  double age_days = -1;     // of the listing at that moment; below 0: not known

  bool acted() const { return clicked || favourited || carted || purchased; }
};

struct Objective {
  double click = 1;
  double favourite = 2;
  double cart = 4;
  double purchase = 8;
  double profit = 0;
  double freshness = 0;
  double fresh_half_life_days = 14;
  bool operator==(const Objective&) const = default;
};

double gain_of(const Outcome& outcome, const Objective& objective);

inline constexpr double kHalfLifeDaysMax = 10'000;

// "click=1,favourite=2,...": every weight, for a manifest and for people; parse_objective() reads it.
std::string to_text(const Objective& objective);
// "purchase=8,cart=4": what is not named keeps its default. kInvalidArgument names the part that is wrong.
Result<Objective> parse_objective(std::string_view text);

}  // namespace handsel::learning

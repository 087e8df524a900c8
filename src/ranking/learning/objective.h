// What an outcome is worth: several objectives become one graded gain, with the weights in
// view.
//
//   gain = (greatest weight among the actions that happened
//           + profit * log2(1 + bought value / 10))  *  (1 + freshness * 2^(-age / half life))
//
// in units of a click, cut at kObjectiveGainMax; 0 where nothing happened. The greatest and
// not the sum, because a purchase usually comes with a click, and a favourite less often: the
// sum would reward shops whose pages need many clicks. The logarithm, so that one dear sale
// does not outweigh what many people want (price-weighted objectives drift to the dear end of
// the shop otherwise). Freshness raises gains of new listings that people acted on, never of
// those they passed over.
//
// Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace handsel::learning {

inline constexpr double kObjectiveGainMax = 100;

// What a person did with a listing that was shown.
struct Outcome {
  bool clicked = false;
  bool favourited = false;
  bool carted = false;
  bool purchased = false;
  bool rejected = false;    // hidden or reported: worth nothing, whatever else happened
  double bought_value = 0;  // price times quantity, in units of the currency
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
};

double gain_of(const Outcome& outcome, const Objective& objective);

// Names and values, for a manifest and for people.
std::array<std::pair<std::string_view, double>, 7> weights_of(const Objective& objective);

}  // namespace handsel::learning

// attribute_intent: how likely people who ask this want one of the listing's attributes
// ("color=sage", "material=linen"); 0 to 1, NaN where nothing is known of the query.
//
//   max over the listing's attributes of p(attribute | query)
//
// ranking/query/understanding.h says where p comes from.
#include <limits>

#include "ranking/features/feature.h"

namespace handsel::features {

void attribute_intent(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  if (input.signals.attribute_intent == nullptr || input.signals.attribute_intent->empty()) return;
  std::vector<index::ValueShares::Wanted> wanted;
  for (const auto& [attribute, share] : *input.signals.attribute_intent) {
    if (auto one = wanted_value(attribute, share)) wanted.push_back(std::move(*one));
  }
  index::ValueShares shares(input.snapshot, std::move(wanted));
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = shares.best(input.candidates[k].doc);
}

}  // namespace handsel::features

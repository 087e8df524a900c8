// attribute_intent: how likely people who ask this want one of the listing's attributes
// ("color=sage", "material=linen"); 0 to 1, NaN where nothing is known of the query.
//
//   max over the listing's attributes of p(attribute | query)
//
// ranking/query/understanding.h says where p comes from.
#include "ranking/features/attribute_intent.h"

#include <limits>

namespace handsel::features {

std::optional<index::ValueShares> value_shares(const index::Snapshot& snapshot, const Signals::Shares* attributes) {
  if (attributes == nullptr || attributes->empty()) return std::nullopt;
  std::vector<index::ValueShares::Wanted> wanted;
  for (const auto& [attribute, share] : *attributes) {
    const std::size_t equals = attribute.find('=');
    if (equals == std::string::npos) continue;
    wanted.push_back({.column = index::column_of_attribute(std::string_view(attribute).substr(0, equals)),
                      .value = attribute.substr(equals + 1),
                      .share = share});
  }
  return std::optional<index::ValueShares>(std::in_place, snapshot, std::move(wanted));
}

void attribute_intent(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  std::optional<index::ValueShares> shares = value_shares(input.snapshot, input.signals.attribute_intent);
  if (!shares) return;
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = shares->best(input.candidates[k].doc);
}

}  // namespace handsel::features

// taxonomy_intent: how likely people who ask this want something of the listing's
// category; 0 to 1, NaN where nothing is known of the query.
//
//   max over the nodes of the listing's path of p(node | query)
//
// ranking/query/understanding.h says where p comes from.
#include <limits>

#include "ranking/features/feature.h"
#include "views/index/value_shares.h"

namespace handsel::features {

void taxonomy_intent(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  if (input.signals.taxonomy_intent == nullptr || input.signals.taxonomy_intent->empty()) return;
  std::vector<index::ValueShares::Wanted> wanted;
  for (const auto& [node, share] : *input.signals.taxonomy_intent) wanted.push_back({"taxonomy", node, share});
  index::ValueShares shares(input.snapshot, std::move(wanted));
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = shares.best(input.candidates[k].doc);
}

}  // namespace handsel::features

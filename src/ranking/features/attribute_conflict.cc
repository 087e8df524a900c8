// attribute_conflict: how much of what the query's words name the listing denies in its attributes;
// 0 to 1, NaN where the words name nothing.
//
//   sum over the names n that the listing has values of: max over all values v of p(n=v)
//                                                      - max over the listing's values v of p(n=v)
//   / sum over names n of max over all values v of p(n=v)
//
// p: how surely the words name the value (ranking/query/internal/namings.h). "color=rust" denies
// sage; no colour at all does not.
#include <limits>

#include "ranking/features/attribute_intent.h"

namespace handsel::features {

void attribute_conflict(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  std::optional<index::ValueShares> shares = value_shares(input.snapshot, input.signals.named);
  if (!shares) return;
  for (std::size_t k = 0; k < out.size(); ++k) {
    const index::ValueShares::Agreement of = shares->agreement(input.candidates[k].doc);
    if (of.wanted > 0) out[k] = of.contradicted / of.wanted;
  }
}

}  // namespace handsel::features

// attribute_agreement: how much of what the query's words name the listing says in its attributes;
// 0 to 1, NaN where the words name nothing.
//
//   sum over names n of max over the listing's values v of p(n=v)
//   / sum over names n of max over all values v of p(n=v)
//
// p: how surely the words name the value (ranking/query/internal/namings.h). "sage linen apron" is
// served by half with linen in another colour; and "salbei" is served by what says sage.
#include <limits>

#include "ranking/features/attribute_intent.h"

namespace handsel::features {

void attribute_agreement(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  std::optional<index::ValueShares> shares = value_shares(input.snapshot, input.signals.named);
  if (!shares) return;
  for (std::size_t k = 0; k < out.size(); ++k) {
    const index::ValueShares::Agreement of = shares->agreement(input.candidates[k].doc);
    if (of.wanted > 0) out[k] = of.agreed / of.wanted;
  }
}

}  // namespace handsel::features

// attribute_agreement: how much of what the query's words name the listing has; 0 to 1, NaN where
// the words name nothing.
//
//   sum over names n of  max over the listing's values v of p(n=v)       where it has values of n, or else
//                        max over the values v that its tags name        where they name values of n, or else
//                        max over all values v of p(n=v)                 where its title says the words
//   / sum over names n of max over all values v of p(n=v)
//
// p: how surely the words name the value (ranking/query/internal/namings.h). "sage linen apron" is
// served by half with linen in another colour; and "salbei" is served by what says sage, if only in
// a tag "sage apron".
#include "ranking/features/feature.h"

namespace handsel::features {

void attribute_agreement(const FeatureInput& input, std::span<double> out) {
  fill_known(out, [&](std::size_t k) { return input.named.agreed(k); });
}

}  // namespace handsel::features

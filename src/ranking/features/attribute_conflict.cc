// attribute_conflict: how much of what the query's words name the listing denies; 0 to 1, NaN where the
// words name nothing.
//
//   sum over the names n that the listing has values of: max over all values v of p(n=v)
//                                                      - max over the listing's values v of p(n=v)
//   / sum over names n of max over all values v of p(n=v)
//
// p: how surely the words name the value (ranking/query/internal/namings.h). Where its attributes leave n
// open, the listing has the values that its tags name. "color=rust" denies sage, and so does the tag "rust
// apron"; no colour at all does not.
#include "ranking/features/feature.h"

namespace handsel::features {

void attribute_conflict(const FeatureInput& input, std::span<double> out) {
  fill_known(out, [&](std::size_t k) { return input.named.denied(k); });
}

}  // namespace handsel::features

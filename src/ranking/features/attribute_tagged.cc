// attribute_tagged: how much of what the query's words name the listing's tags say; 0 to 1, NaN where
// the words name nothing.
//
//   sum over names n of max over the values v of n that its tags name of p(n=v)
//   / sum over names n of max over all values v of p(n=v)
//
// p: how surely the words name the value (ranking/query/internal/namings.h), of the query as of tags.
// What stands in a list of five materials and in no tag is not what the listing is about.
#include "ranking/features/feature.h"

namespace handsel::features {

void attribute_tagged(const FeatureInput& input, std::span<double> out) {
  fill_known(out, [&](std::size_t k) { return input.named.tagged(k); });
}

}  // namespace handsel::features

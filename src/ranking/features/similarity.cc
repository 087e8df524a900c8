// similarity: cosine of the query's and the listing's vector; -1 to 1, NaN where there is
// no encoder or the listing has no vector yet.
//
// Both are made by one encoder (analysis/models/text_encoder.h).
#include <algorithm>
#include <limits>

#include "ranking/features/feature.h"

namespace handsel::features {

void similarity(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  std::ranges::copy(input.signals.similarity, out.begin());
}

}  // namespace handsel::features

// session_similarity: cosine of the listing's vector and the mean of those that the
// session acted on; -1 to 1, NaN where either is not known.
#include <algorithm>
#include <limits>

#include "ranking/features/feature.h"

namespace handsel::features {

void session_similarity(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  std::ranges::copy(input.signals.session_similarity, out.begin());
}

}  // namespace handsel::features

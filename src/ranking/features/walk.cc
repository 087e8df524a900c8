// walk: how often random walks from the query came to the listing, degree corrected;
// 0 to 1 (the most visited one), NaN where there is no graph or it does not know the query.
//
// views/graph/graph.h; after XWalk (arXiv 2307.12019) and Pixie (arXiv 1711.07601).
#include <algorithm>
#include <limits>

#include "ranking/features/feature.h"

namespace handsel::features {

void walk(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  std::ranges::copy(input.signals.walk, out.begin());
}

}  // namespace handsel::features

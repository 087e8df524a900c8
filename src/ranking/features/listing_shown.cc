// listing_shown: ln(1 + decayed showings of the listing); 0 and more, NaN without counters.
//
// Says how far its rates can be trusted.
#include <cmath>
#include <limits>

#include "ranking/features/candidate_counts.h"
#include "ranking/features/feature.h"

namespace handsel::features {

void listing_shown(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  if (!input.counts.known) return;
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = std::log1p(input.counts.of_listing[k].shown);
}

}  // namespace handsel::features

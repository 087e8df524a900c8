// listing_purchase_rate: purchases a click on the listing, pulled towards the
// marketplace's own; above 0, NaN where nothing was ever clicked.
//
//   (purchases + 20 usual) / (clicks + 20), decayed counts (views/profiles/counters.h)
#include <limits>

#include "ranking/features/rates.h"

namespace handsel::features {

void listing_purchase_rate(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  const CandidateCounts& counts = input.counts;
  if (counts.all.clicks <= 0) return;
  const double usual = counts.all.purchases / counts.all.clicks;
  for (std::size_t k = 0; k < out.size(); ++k) {
    const profiles::Counts& own = counts.of_listing[k];
    out[k] = smoothed_rate(own.purchases, own.clicks, usual, kListingWeight);
  }
}

}  // namespace handsel::features

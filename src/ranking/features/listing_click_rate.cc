// listing_click_rate: clicks a showing of the listing, whatever was asked, pulled towards
// the marketplace's own; above 0, NaN where nothing was ever shown.
//
//   (clicks + 20 usual) / (shown + 20), decayed counts (views/profiles/counters.h)
#include <limits>

#include "ranking/features/rates.h"

namespace handsel::features {

void listing_click_rate(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  const CandidateCounts& counts = input.counts;
  if (counts.all.shown <= 0) return;
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = click_rate_of_listing(counts.of_listing[k], usual_click_rate(counts.all));
  }
}

}  // namespace handsel::features

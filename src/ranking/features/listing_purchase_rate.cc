// listing_purchase_rate: purchases a click on the listing, pulled towards the
// marketplace's own; above 0, NaN where nothing was ever clicked.
//
//   (purchases + 20 usual) / (clicks + 20), decayed counts (views/profiles/counters.h)
#include <limits>

#include "ranking/features/rates.h"

namespace handsel::features {

void listing_purchase_rate(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  if (input.signals.counters == nullptr) return;
  const profiles::Counters& counters = *input.signals.counters;
  const profiles::Counts all = counters.of_all(input.signals.now_ms);
  if (all.clicks <= 0) return;
  const double usual = all.purchases / all.clicks;
  for (std::size_t k = 0; k < out.size(); ++k) {
    const profiles::Counts own = counters.of_listing(id_of(input, k), input.signals.now_ms);
    out[k] = smoothed_rate(own.purchases, own.clicks, usual, kListingWeight);
  }
}

}  // namespace handsel::features

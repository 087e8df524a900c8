// query_purchases: ln(1 + decayed purchases, carts / 3 and favourites / 6 of the listing for
// this very query); 0 and more, NaN without counters.
//
// The three levels of wanting, weighed as far apart as they usually are rare.
#include <cmath>
#include <limits>

#include "ranking/features/candidate_counts.h"
#include "ranking/features/feature.h"

namespace handsel::features {

void query_purchases(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  if (!input.counts.known) return;
  for (std::size_t k = 0; k < out.size(); ++k) {
    const profiles::Counts& pair = input.counts.of_pair[k];
    out[k] = std::log1p(pair.purchases + pair.carts / 3 + pair.favourites / 6);
  }
}

}  // namespace handsel::features

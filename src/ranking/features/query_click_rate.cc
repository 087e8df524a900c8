// query_click_rate: clicks a showing of the listing for this very query, as a multiple of
// what its clicks elsewhere promise; 1 where nothing is known, NaN without any showing.
//
//   expected = (clicks + 20 usual) / (shown + 20)                of the listing
//   value    = ((pair clicks + 10 expected) / (pair shown + 10)) / expected
//
// 0 to about 20. Decayed counts (views/profiles/counters.h).
#include <limits>

#include "ranking/features/rates.h"

namespace handsel::features {

void query_click_rate(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  const CandidateCounts& counts = input.counts;
  if (counts.all.clicks <= 0 || counts.all.shown <= 0) return;
  for (std::size_t k = 0; k < out.size(); ++k) {
    const double expected = click_rate_of_listing(counts.of_listing[k], usual_click_rate(counts.all));
    const profiles::Counts& pair = counts.of_pair[k];
    out[k] = smoothed_rate(pair.clicks, pair.shown, expected, kPairWeight) / expected;
  }
}

}  // namespace handsel::features

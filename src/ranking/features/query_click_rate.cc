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
  if (input.signals.counters == nullptr) return;
  const profiles::Counters& counters = *input.signals.counters;
  const std::int64_t now_ms = input.signals.now_ms;
  const profiles::Counts all = counters.of_all(now_ms);
  if (all.clicks <= 0 || all.shown <= 0) return;
  for (std::size_t k = 0; k < out.size(); ++k) {
    const std::string_view id = id_of(input, k);
    const double expected = click_rate_of_listing(counters.of_listing(id, now_ms), usual_click_rate(all));
    const profiles::Counts pair = counters.of_pair(input.signals.normalised_query, id, now_ms);
    out[k] = smoothed_rate(pair.clicks, pair.shown, expected, kPairWeight) / expected;
  }
}

}  // namespace handsel::features

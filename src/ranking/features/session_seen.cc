// session_seen: 1 where the session acted on this very listing a moment ago, 0 where not,
// NaN where there is no session or it may not be read.
//
// Some come back to buy, most have decided against it; which it is, training says.
#include <algorithm>
#include <limits>

#include "ranking/features/rates.h"
#include "views/profiles/profiles.h"

namespace handsel::features {

void session_seen(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  if (input.signals.profile == nullptr) return;
  const auto& recent = input.signals.profile->recent_listings;
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = std::ranges::count(recent, id_of(input, k)) > 0 ? 1 : 0;
}

}  // namespace handsel::features

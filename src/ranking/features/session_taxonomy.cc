// session_taxonomy: how much of what the session did lies where the listing lies; 0 to 1,
// NaN where there is no session or it may not be read (views/profiles/leanings.h).
#include <limits>

#include "ranking/features/feature.h"
#include "views/profiles/leanings.h"

namespace handsel::features {

void session_taxonomy(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  if (input.signals.profile == nullptr) return;
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = profiles::taxonomy_affinity(*input.signals.profile,
                                         index::taxonomy_names(input.snapshot, input.candidates[k].doc));
  }
}

}  // namespace handsel::features

// session_attributes: how well the listing's attributes suit what the session acted on;
// 0 to 1, NaN where there is no session or it may not be read.
//
// OPAR's item score (views/profiles/leanings.h), after the action-aware bandit over attributes.
#include <limits>

#include "ranking/features/candidate_attributes.h"
#include "ranking/features/feature.h"
#include "views/profiles/leanings.h"

namespace handsel::features {

void session_attributes(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  if (input.signals.profile == nullptr) return;
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = profiles::attribute_score(*input.signals.profile, input.attributes.of(k));
  }
}

}  // namespace handsel::features

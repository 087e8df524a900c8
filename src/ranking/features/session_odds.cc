// session_odds: how the odds that the session acts on the listing change by its attributes;
// about -4 to 10, 0 where none of them was met, NaN where there is no session or it may not
// be read.
//
// Naive Bayes over the same counts as session_attributes, in the natural logarithm. That one
// is a mean over the attributes, in which a single loved style drowns among many tags; this
// is a sum.
#include <limits>

#include "ranking/features/candidate_attributes.h"
#include "ranking/features/feature.h"
#include "views/profiles/leanings.h"

namespace handsel::features {

void session_odds(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  if (input.signals.profile == nullptr) return;
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = profiles::attribute_odds(*input.signals.profile, input.attributes.of(k));
  }
}

}  // namespace handsel::features

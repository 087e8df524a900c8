// match_share: how much of what the query could be worth the candidate has.
//
//   score before learning began / the query's mass;  0 to about 1
//
// Comparable from query to query, which the score itself is not.
#include "ranking/features/feature.h"

namespace handsel::features {

void match_share(const FeatureInput& input, std::span<double> out) {
  const double mass = input.plan.mass();
  if (mass <= 0) return;
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = input.candidates[k].score / index::kScoreOne / mass;
}

}  // namespace handsel::features

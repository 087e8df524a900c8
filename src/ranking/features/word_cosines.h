// How near candidates are to a direction, beside the candidate that is nearest.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "ranking/features/candidate_vectors.h"
#include "ranking/features/feature.h"

namespace handsel::features {

// Cosines less the greatest of them: 0 for the nearest candidate, -2 at least. NaN where the cosine is.
inline void behind_nearest(const FeatureInput& input, std::span<const float> direction, std::span<double> out) {
  input.vectors.cosines(direction, out);
  double nearest = -1;
  for (const double x : out) nearest = std::isnan(x) ? nearest : std::max(nearest, x);
  for (double& x : out) x -= nearest;
}

// Calls visit(behind) for each word of the query that has a vector.
template <typename Visit>
void visit_words(const FeatureInput& input, Visit&& visit) {
  const std::size_t dimensions = input.signals.query_vector.size();
  const std::span<const float> words = input.signals.word_vectors;
  std::vector<double> behind(input.candidates.size());
  for (std::size_t at = 0; dimensions > 0 && at + dimensions <= words.size(); at += dimensions) {
    behind_nearest(input, words.subspan(at, dimensions), behind);
    visit(std::span<const double>(behind));
  }
}

}  // namespace handsel::features

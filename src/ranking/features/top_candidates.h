// The candidates that feedback features learn from.
#pragma once

#include <cstddef>
#include <vector>

#include "ranking/features/feature.h"

namespace handsel::features {

struct WeightedCandidate {
  std::size_t number = 0;  // into FeatureInput::candidates
  double weight = 0;       // its share of the scores of all of them
};

// The best `count` by score, ties by id; only those above zero.
std::vector<WeightedCandidate> top_candidates(const FeatureInput& input, std::size_t count);

}  // namespace handsel::features

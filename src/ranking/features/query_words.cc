// query_words: how many words of the query carry meaning; the same for all candidates.
//
// Orders nothing by itself; trees use it to trust other features more or less.
#include "ranking/features/feature.h"

namespace handsel::features {

void query_words(const FeatureInput& input, std::span<double> out) {
  for (double& value : out) value = static_cast<double>(input.plan.sequence.size());
}

}  // namespace handsel::features

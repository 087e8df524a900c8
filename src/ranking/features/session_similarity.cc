// session_similarity: cosine of the listing's vector and the mean of those that the
// session acted on; -1 to 1, NaN where either is not known.
#include "ranking/features/candidate_vectors.h"
#include "ranking/features/feature.h"

namespace handsel::features {

void session_similarity(const FeatureInput& input, std::span<double> out) {
  input.vectors.cosines(input.signals.session_vector, out);
}

}  // namespace handsel::features

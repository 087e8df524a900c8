// similarity: cosine of the query's and the listing's vector; -1 to 1, NaN where there is
// no encoder or the listing has no vector yet.
//
// Both are made by one encoder (analysis/models/text_encoder.h).
#include "ranking/features/candidate_vectors.h"
#include "ranking/features/feature.h"

namespace handsel::features {

void similarity(const FeatureInput& input, std::span<double> out) {
  input.vectors.cosines(input.signals.query_vector, out);
}

}  // namespace handsel::features

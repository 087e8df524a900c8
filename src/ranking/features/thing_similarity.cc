// thing_similarity: how far the listing is behind the nearest candidate in what the query calls the thing, together;
// -2 to 0, NaN where nothing does, or there are no vectors.
//
//   cos(t, d) - max over the candidates d' of cos(t, d'),  t the vector of QueryUnderstanding::things alone
//
// "green linen apron" less what names a colour and a material: a green linen curtain is near the query and far
// from "apron".
#include "ranking/features/candidate_words.h"
#include "ranking/features/feature.h"

namespace handsel::features {

void thing_similarity(const FeatureInput& input, std::span<double> out) {
  behind_nearest(input.vectors, input.signals.thing_vector, input.peers, out);
}

}  // namespace handsel::features

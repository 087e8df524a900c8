// word_similarity_mean: how far the listing is behind the nearest candidate, on average over the words of the
// query; -2 to 0, NaN where words have no vectors or the listing has none (word_similarity_least.cc).
//
//   mean over the words w of (cos(w, d) - max over the candidates d' of cos(w, d'))
#include <algorithm>

#include "ranking/features/candidate_words.h"
#include "ranking/features/feature.h"

namespace handsel::features {

void word_similarity_mean(const FeatureInput& input, std::span<double> out) {
  std::ranges::copy(input.words.mean, out.begin());
}

}  // namespace handsel::features

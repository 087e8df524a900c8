// word_similarity_mean: how far the listing is behind the nearest candidate, on average over the words of the
// query; -2 to 0, NaN where words have no vectors or the listing has none (word_similarity_least.cc).
//
//   mean over the words w of (cos(w, d) - max over the candidates d' of cos(w, d'))
#include <cmath>
#include <limits>

#include "ranking/features/word_cosines.h"

namespace handsel::features {

void word_similarity_mean(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  double words = 0;
  visit_words(input, [&](std::span<const double> behind) {
    ++words;
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = std::isnan(out[k]) ? behind[k] : out[k] + behind[k];
  });
  for (double& x : out) x /= words;  // without words all are NaN
}

}  // namespace handsel::features

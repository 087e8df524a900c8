// title_words: how many words the title has; 0 and more.
//
// Long titles match by accident; what a match is worth depends on it.
#include "ranking/features/feature.h"

namespace handsel::features {

void title_words(const FeatureInput& input, std::span<double> out) {
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = static_cast<double>(input.titles.words(k).size());
}

}  // namespace handsel::features

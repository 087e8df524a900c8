// word_similarity_least: how far the listing is behind the nearest candidate in the word of the query where it is
// farthest behind; -2 to 0, NaN where words have no vectors or the listing has none.
//
//   min over the words w of (cos(w, d) - max over the candidates d' of cos(w, d'))
//
// One vector of the whole query forgives a listing that is right in all words but one. Asked word by word (late
// interaction: Khattab & Zaharia, SIGIR 2020, here with one vector a listing) it does not, and words that no listing
// says, of another language or another trade, are asked too. Beside the nearest, because what a cosine is
// worth is different for every word.
#include <algorithm>

#include "ranking/features/candidate_words.h"
#include "ranking/features/feature.h"

namespace handsel::features {

void word_similarity_least(const FeatureInput& input, std::span<double> out) {
  std::ranges::copy(input.words.least, out.begin());
}

}  // namespace handsel::features

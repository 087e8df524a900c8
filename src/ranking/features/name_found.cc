// name_found: how much of what the query calls the thing is in the name that the listing gives itself;
// 0 to 1, NaN where its tags share no ending or no word of the query is a name.
//
//   sum of naming(w) over words w of the query in the listing's own name / sum over all words of the query
//
// own_names.h says what a listing's own name is, and how much a word names. Who asks for a bobble hat is
// shown bobble hats before hats of other kinds, wherever else their texts say "bobble".
#include "ranking/features/feature.h"

namespace handsel::features {

void name_found(const FeatureInput& input, std::span<double> out) {
  fill_known(out, [&](std::size_t k) { return input.names.found(k); });
}

}  // namespace handsel::features

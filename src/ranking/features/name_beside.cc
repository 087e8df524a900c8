// name_beside: how much of the name that the listing gives itself the query does not say; 0 to 1, NaN
// where its tags share no ending or no word of the query is a name.
//
//   words of the listing's own name that no word of the query says / words of the name
//
// own_names.h says what a listing's own name is. Who asks for a journal and means a leather journal
// says so: a leather journal has 1/2.
#include "ranking/features/feature.h"

namespace handsel::features {

void name_beside(const FeatureInput& input, std::span<double> out) {
  fill_known(out, [&](std::size_t k) { return input.names.beside(k); });
}

}  // namespace handsel::features

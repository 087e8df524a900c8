// name_asked: whether the name that the listing gives itself is the one that the query asks for; 0 or 1, NaN
// where it has no name or the query asks for none.
//
// own_names.h says what both are. A velvet choker is not what somebody asks for with "velvet mom choker":
// there the name is choker.
#include "ranking/features/feature.h"

namespace handsel::features {

void name_asked(const FeatureInput& input, std::span<double> out) {
  fill_known(out, [&](std::size_t k) { return input.names.asked(k); });
}

}  // namespace handsel::features

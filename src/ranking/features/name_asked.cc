// name_asked: whether the name that the listing gives itself is the one that the query asks for; 0 or 1, NaN
// where it has no name or the query asks for none.
//
// own_names.h says what both are. A velvet choker is not what somebody asks for with "velvet mom choker":
// there the name is choker.
#include <limits>

#include "ranking/features/feature.h"

namespace handsel::features {

void name_asked(const FeatureInput& input, std::span<double> out) {
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = input.names.asked(k).value_or(std::numeric_limits<double>::quiet_NaN());
  }
}

}  // namespace handsel::features

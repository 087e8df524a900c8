// favourites: ln(1 + how many keep the listing among their favourites); 0 and more, NaN where it is not known.
#include "ranking/features/rates.h"

namespace handsel::features {

void favourites(const FeatureInput& input, std::span<double> out) {
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = log_amount(index::number_value(input.snapshot, input.candidates[k].doc, "favourites"));
  }
}

}  // namespace handsel::features

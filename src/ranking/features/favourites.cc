// favourites: ln(1 + how many keep the listing among their favourites); 0 and more, NaN where it is not known.
#include "ranking/features/rates.h"

namespace handsel::features {

void favourites(const FeatureInput& input, std::span<double> out) {
  const index::NumberReader amounts(input.snapshot, "favourites");
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = log_amount(amounts.at(input.candidates[k].doc));
}

}  // namespace handsel::features

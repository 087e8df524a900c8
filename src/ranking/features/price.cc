// price: ln(1 + price in units of its currency); NaN where the listing has none.
#include "ranking/features/rates.h"

namespace handsel::features {

void price(const FeatureInput& input, std::span<double> out) {
  const index::NumberReader amounts(input.snapshot, "price");
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = log_amount(amounts.at(input.candidates[k].doc));
}

}  // namespace handsel::features

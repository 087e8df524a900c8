// rating_count: ln(1 + how many rated the listing); 0 and more, NaN where it is not known.
#include "ranking/features/rates.h"

namespace handsel::features {

void rating_count(const FeatureInput& input, std::span<double> out) {
  const index::NumberReader amounts(input.snapshot, "rating_count");
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = log_amount(amounts.at(input.candidates[k].doc));
}

}  // namespace handsel::features

// rating_count: ln(1 + how many rated the listing); 0 and more, NaN where it is not known.
#include "ranking/features/rates.h"

namespace handsel::features {

void rating_count(const FeatureInput& input, std::span<double> out) {
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = log_amount(index::number_value(input.snapshot, input.candidates[k].doc, "rating_count"));
  }
}

}  // namespace handsel::features

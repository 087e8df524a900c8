// price_position: how dear the listing is among the candidates.
//
//   (ln(1 + price) - mean) / standard deviation over the candidates;  about -3 to 3
//
// NaN where it has no price; 0 where all cost the same.
#include <cmath>

#include "ranking/features/feature.h"

namespace handsel::features {

void price_position(const FeatureInput& input, std::span<double> out) {
  price(input, out);
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (const double value : out.first(input.peers)) {
    if (std::isnan(value)) continue;
    sum += value;
    squares += value * value;
    ++count;
  }
  if (count == 0) return;
  const double mean = sum / count;
  const double deviation = std::sqrt(std::max(0.0, squares / count - mean * mean));
  for (double& value : out) {
    if (!std::isnan(value)) value = deviation > 1e-9 ? (value - mean) / deviation : 0;
  }
}

}  // namespace handsel::features

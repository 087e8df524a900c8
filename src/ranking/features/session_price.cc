// session_price: how near the price lies to those that the session acted on; 0 to 1, 0.5
// where one of them is not known, NaN where there is no session or it may not be read
// (views/profiles/leanings.h).
#include <cmath>
#include <limits>

#include "ranking/features/feature.h"
#include "views/profiles/leanings.h"

namespace handsel::features {

void session_price(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  if (input.signals.profile == nullptr) return;
  const index::NumberReader prices(input.snapshot, "price");
  for (std::size_t k = 0; k < out.size(); ++k) {
    const double price = prices.at(input.candidates[k].doc);
    std::optional<std::int64_t> cents;
    if (!std::isnan(price)) cents = std::llround(price * 100);
    out[k] = profiles::price_fit(*input.signals.profile, cents);
  }
}

}  // namespace handsel::features

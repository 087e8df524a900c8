// age_days: ln(1 + days since the listing was made); 0 and more, NaN where that is not known.
#include <algorithm>
#include <cmath>

#include "ranking/features/feature.h"

namespace handsel::features {
namespace {

constexpr double kDayMs = 24.0 * 3'600 * 1'000;

}  // namespace

void age_days(const FeatureInput& input, std::span<double> out) {
  const index::NumberReader created(input.snapshot, "created");
  for (std::size_t k = 0; k < out.size(); ++k) {
    const double created_ms = created.at(input.candidates[k].doc);
    const double days = (static_cast<double>(input.signals.now_ms) - created_ms) / kDayMs;
    out[k] = std::isnan(days) ? days : std::log1p(std::max(0.0, days));
  }
}

}  // namespace handsel::features

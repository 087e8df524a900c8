#include "ranking/pipeline/spread.h"

#include <algorithm>
#include <cmath>

namespace handsel::pipeline {

Spread spread_of(std::span<const double> values) {
  const auto count = static_cast<double>(std::ranges::count_if(values, [](double x) { return !std::isnan(x); }));
  if (count == 0) return {};
  Spread spread;
  double squares = 0;
  for (const double x : values) spread.mean += std::isnan(x) ? 0 : x / count;
  for (const double x : values) squares += std::isnan(x) ? 0 : (x - spread.mean) * (x - spread.mean);
  spread.deviation = std::sqrt(squares / count);
  return spread;
}

}  // namespace handsel::pipeline

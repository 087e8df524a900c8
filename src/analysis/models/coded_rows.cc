#include "analysis/models/coded_rows.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/core/bytes.h"
#include "base/core/result.h"

namespace handsel::models {
namespace {

float scale_of(std::span<const float> row) {
  float largest = 0;
  for (const float value : row) {
    HANDSEL_CHECK(std::isfinite(value));
    largest = std::max(largest, std::fabs(value));
  }
  return largest / kCodeMax;
}

}  // namespace

void put_coded_rows(std::string& out, std::size_t count,
                    const std::function<std::span<const float>(std::size_t)>& row) {
  std::vector<float> scales;
  for (std::size_t i = 0; i < count; ++i) scales.push_back(scale_of(row(i)));
  for (const float scale : scales) put_fixed(out, scale);
  for (std::size_t i = 0; i < count; ++i) {
    for (const float value : row(i)) {
      const float code = scales[i] > 0 ? std::round(value / scales[i]) : 0.0F;
      out.push_back(static_cast<char>(static_cast<std::int8_t>(std::clamp(code, -kCodeMax, kCodeMax))));
    }
  }
}

}  // namespace handsel::models

#include "proof/estimators/moments.h"

#include <array>
#include <cmath>

namespace handsel::estimators {
namespace {

// Sums run in lanes, in one fixed order, which is what lets the compiler use vectors without changing a bit.
constexpr std::size_t kLanes = 8;
using Lanes = std::array<double, kLanes>;

double total(const Lanes& lanes) {
  return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

double sum_of(std::span<const double> values) {
  Lanes lanes{};
  const std::size_t whole = values.size() / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes)
    for (std::size_t l = 0; l < kLanes; ++l) lanes[l] += values[i + l];
  for (std::size_t i = whole; i < values.size(); ++i) lanes[i - whole] += values[i];
  return total(lanes);
}

double product_of(std::span<const double> a, double centre_a, std::span<const double> b, double centre_b) {
  Lanes lanes{};
  const std::size_t whole = a.size() / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes)
    for (std::size_t l = 0; l < kLanes; ++l) lanes[l] += (a[i + l] - centre_a) * (b[i + l] - centre_b);
  for (std::size_t i = whole; i < a.size(); ++i) lanes[i - whole] += (a[i] - centre_a) * (b[i] - centre_b);
  return total(lanes);
}

}  // namespace

Moments Moments::of(std::span<const double> y, std::span<const double> x) {
  Moments out{.units = static_cast<double>(y.size())};
  if (y.empty()) return out;
  out.mean_y = sum_of(y) / out.units;
  out.yy = product_of(y, out.mean_y, y, out.mean_y);
  if (x.empty()) return out;
  out.mean_x = sum_of(x) / out.units;
  out.xy = product_of(x, out.mean_x, y, out.mean_y);
  out.xx = product_of(x, out.mean_x, x, out.mean_x);
  return out;
}

void Moments::merge(const Moments& other) {
  if (other.units == 0) return;
  if (units == 0) {
    *this = other;
    return;
  }
  const double all = units + other.units;
  const double gap_y = other.mean_y - mean_y;
  const double gap_x = other.mean_x - mean_x;
  const double weight = units / all * other.units;
  yy += other.yy + gap_y * gap_y * weight;
  xy += other.xy + gap_x * gap_y * weight;
  xx += other.xx + gap_x * gap_x * weight;
  mean_y += gap_y * (other.units / all);
  mean_x += gap_x * (other.units / all);
  units = all;
}

Result<Pair> moments_pair(const Moments& control, const Moments& treated, bool adjust) {
  if (!(control.units >= 2 && treated.units >= 2)) {
    return fail(Code::kInvalidData, "{} control and {} treated units; both arms need two", control.units,
                treated.units);
  }
  if (!std::isfinite(control.yy + treated.yy + control.xx + treated.xx)) {
    return fail(Code::kInvalidData, "there is a value that is not finite, or too large to square");
  }
  if (control.yy + treated.yy == 0 && control.mean_y == treated.mean_y) {
    return fail(Code::kInvalidData, "every unit has the same value, {}", control.mean_y);
  }
  double theta = 0;
  if (adjust) {
    if (!(control.xx + treated.xx > 0)) return fail(Code::kInvalidData, "the covariate is constant");
    theta = (control.xy + treated.xy) / (control.xx + treated.xx);
  }
  const double units = control.units + treated.units;
  const double mean_x = control.mean_x * (control.units / units) + treated.mean_x * (treated.units / units);
  const auto mean_of = [&](const Moments& arm) { return arm.mean_y - theta * (arm.mean_x - mean_x); };
  const auto variance_of = [&](const Moments& arm) {
    return (arm.yy - 2 * theta * arm.xy + theta * theta * arm.xx) / (arm.units - 1) / arm.units;
  };
  Pair pair{.control = mean_of(control), .treated = mean_of(treated)};
  pair.control_variance = variance_of(control);
  pair.treated_variance = variance_of(treated);
  const double sum = pair.control_variance + pair.treated_variance;
  const double below = pair.control_variance * pair.control_variance / (control.units - 1) +
                       pair.treated_variance * pair.treated_variance / (treated.units - 1);
  if (below > 0) pair.freedom = sum * sum / below;
  return pair;
}

}  // namespace handsel::estimators

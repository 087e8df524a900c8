#include "proof/estimators/sequential.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/math/statistics.h"

namespace handsel::estimators {
namespace {

// The density of the running sum of increments, on an even grid, of the paths that have crossed nothing yet.
struct Density {
  double low = 0;
  double step = 0;
  std::vector<double> values;
};

constexpr std::size_t kGridPoints = 801;  // odd, for Simpson's rule

double spent(double information, double alpha, Spending spending) {
  const double t = std::min(1.0, information);
  if (spending == Spending::kPocock) return alpha * std::log(1 + (std::numbers::e - 1) * t);
  // Half of alpha on either side.
  return 2 * (2 - 2 * normal_cdf(normal_quantile(1 - alpha / 4) / std::sqrt(t)));
}

double normal_density(double x, double variance) {
  return std::exp(-x * x / (2 * variance)) / std::sqrt(2 * std::numbers::pi * variance);
}

double simpson_weight(std::size_t i) {
  if (i == 0 || i + 1 == kGridPoints) return 1.0 / 3;
  return i % 2 == 1 ? 4.0 / 3 : 2.0 / 3;
}

// P(|sum| > bound) after an increment of this variance; of nothing before, the increment alone.
double crossing(const Density& before, double increment, double bound) {
  if (before.values.empty()) return 2 * normal_cdf(-bound / std::sqrt(increment));
  const double error = std::sqrt(increment);
  double sum = 0;
  for (std::size_t i = 0; i < kGridPoints; ++i) {
    const double x = before.low + before.step * static_cast<double>(i);
    sum += simpson_weight(i) * before.values[i] * (normal_cdf((-bound - x) / error) + normal_cdf((x - bound) / error));
  }
  return sum * before.step;
}

// The density within the bound after the increment.
Density advance(const Density& before, double increment, double bound) {
  Density out{.low = -bound, .step = 2 * bound / (kGridPoints - 1), .values = std::vector<double>(kGridPoints)};
  for (std::size_t j = 0; j < kGridPoints; ++j) {
    const double y = out.low + out.step * static_cast<double>(j);
    if (before.values.empty()) {
      out.values[j] = normal_density(y, increment);
      continue;
    }
    double sum = 0;
    for (std::size_t i = 0; i < kGridPoints; ++i) {
      const double x = before.low + before.step * static_cast<double>(i);
      sum += simpson_weight(i) * before.values[i] * normal_density(y - x, increment);
    }
    out.values[j] = sum * before.step;
  }
  return out;
}

// The bound of the sum at which exactly `budget` crosses now.
double bound_for(const Density& before, double increment, double budget, double information) {
  double low = 0;
  double high = 10 * std::sqrt(information);
  for (int step = 0; step < 100; ++step) {
    const double middle = (low + high) / 2;
    (crossing(before, increment, middle) > budget ? low : high) = middle;
  }
  return (low + high) / 2;
}

Result<void> check(std::span<const double> information, double alpha) {
  if (information.empty() || information.size() > kLooksMax) {
    return fail(Code::kInvalidArgument, "{} looks; between 1 and {} can be planned", information.size(), kLooksMax);
  }
  if (!(alpha > 0 && alpha < 1)) return fail(Code::kInvalidArgument, "alpha {} is not between 0 and 1", alpha);
  double last = 0;
  for (const double share : information) {
    if (!(share > last && share <= 1)) {
      return fail(Code::kInvalidArgument, "looks need growing shares of the information up to 1, found {} after {}",
                  share, last);
    }
    last = share;
  }
  return {};
}

}  // namespace

double mixture_ratio(double planned, double alpha) {
  // The minimum over r of the reach at n = planned, in closed form up to a term that vanishes (appendix B.1 there).
  const double logs = -2 * std::log(alpha);
  return (logs + std::log(logs + 1)) / std::max(1.0, planned);
}

double always_valid_reach(double units, double mixture_ratio, double alpha) {
  if (!(units >= kUnitsMin)) return std::numeric_limits<double>::infinity();
  const double scaled = units * mixture_ratio;
  return std::sqrt(2 * (scaled + 1) / scaled * std::log(std::sqrt(scaled + 1) / alpha));
}

double always_valid_p(double z, double units, double mixture_ratio) {
  if (!(units >= kUnitsMin) || std::isnan(z)) return 1;
  const double scaled = units * mixture_ratio;
  const double log_ratio = z * z * scaled / (2 * (1 + scaled)) - 0.5 * std::log1p(scaled);
  return std::min(1.0, std::exp(-log_ratio));
}

Result<std::vector<double>> group_boundaries(std::span<const double> information, double alpha, Spending spending) {
  HANDSEL_TRY(check(information, alpha));
  std::vector<double> bounds;
  Density density;
  double last_information = 0;
  double last_spent = 0;
  for (const double share : information) {
    const double increment = share - last_information;
    const double budget = std::max(0.0, spent(share, alpha, spending) - last_spent);
    const double bound = bound_for(density, increment, budget, share);
    bounds.push_back(bound / std::sqrt(share));
    density = advance(density, increment, bound);
    last_information = share;
    last_spent += budget;
  }
  return bounds;
}

}  // namespace handsel::estimators

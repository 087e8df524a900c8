#include "proof/estimators/checks.h"

#include <cmath>
#include <numeric>

#include "base/math/statistics.h"

namespace handsel::estimators {

Result<double> sample_ratio_p(std::span<const std::uint64_t> units, std::span<const double> weights) {
  if (units.size() < 2) return fail(Code::kInvalidArgument, "a ratio needs at least two arms");
  if (units.size() != weights.size()) {
    return fail(Code::kInvalidArgument, "{} expected shares for {} arms", weights.size(), units.size());
  }
  double weight_sum = 0;
  for (const double weight : weights) {
    if (!(weight > 0) || std::isinf(weight)) return fail(Code::kInvalidArgument, "an expected share of {}", weight);
    weight_sum += weight;
  }
  const auto total = static_cast<double>(std::accumulate(units.begin(), units.end(), std::uint64_t{0}));
  if (total == 0) return 1;
  double statistic = 0;
  for (std::size_t arm = 0; arm < units.size(); ++arm) {
    const double expected = total * weights[arm] / weight_sum;
    const double gap = static_cast<double>(units[arm]) - expected;
    statistic += gap * gap / expected;
  }
  return chi_square_survival(statistic, static_cast<double>(units.size() - 1));
}

double missing_p(std::span<const std::uint64_t> present, std::span<const std::uint64_t> missing) {
  const auto all_present = static_cast<double>(std::accumulate(present.begin(), present.end(), std::uint64_t{0}));
  const auto all_missing = static_cast<double>(std::accumulate(missing.begin(), missing.end(), std::uint64_t{0}));
  const double all = all_present + all_missing;
  if (all_present == 0 || all_missing == 0) return 1;
  double statistic = 0;
  std::size_t arms = 0;
  for (std::size_t arm = 0; arm < present.size(); ++arm) {
    const auto units = static_cast<double>(present[arm] + missing[arm]);
    if (units == 0) continue;
    ++arms;
    const double expected_present = units * all_present / all;
    const double expected_missing = units * all_missing / all;
    const double gap = static_cast<double>(present[arm]) - expected_present;
    statistic += gap * gap / expected_present + gap * gap / expected_missing;
  }
  return arms < 2 ? 1 : chi_square_survival(statistic, static_cast<double>(arms - 1));
}

}  // namespace handsel::estimators

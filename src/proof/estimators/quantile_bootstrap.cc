#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "base/core/rng.h"
#include "base/math/random_draws.h"
#include "base/math/statistics.h"
#include "proof/estimators/difference.h"

namespace handsel::estimators {
namespace {

double as_double(std::size_t count) {
  return static_cast<double>(count);
}

Result<void> check(double share, const Resampling& resampling) {
  if (!(share > 0 && share < 1)) return fail(Code::kInvalidArgument, "a quantile of {} is not between 0 and 1", share);
  if (resampling.resamples >= 2 && resampling.resamples <= kResamplesMax) return {};
  return fail(Code::kInvalidArgument, "{} resamples; between 2 and {} are possible", resampling.resamples,
              kResamplesMax);
}

Result<void> check_values(std::span<const double> values) {
  if (values.size() < 2) return fail(Code::kInvalidData, "{} units in an arm; both need two", values.size());
  if (std::ranges::all_of(values, [](double value) { return std::isfinite(value); })) return {};
  return fail(Code::kInvalidData, "a value is not finite");
}

// The quantile (type 7) of as many values drawn again from the sorted ones.
double redrawn_quantile(std::span<const double> sorted, double share, Rng& rng) {
  const std::size_t n = sorted.size();
  const double place = share * as_double(n - 1);
  const auto below = static_cast<std::size_t>(place);  // counted from 0
  const auto at = [&](double u) { return sorted[std::min(n - 1, static_cast<std::size_t>(u * as_double(n)))]; };
  const double u = draw_beta(rng, as_double(below + 1), as_double(n - below));
  const double low = at(u);
  if (below + 1 == n) return low;
  // The next order statistic is the smallest of those above u.
  const double next = u + (1 - u) * draw_beta(rng, 1, as_double(n - below - 1));
  return low + (place - as_double(below)) * (at(next) - low);
}

// One arm's rows from the smallest, for quantiles under weights of clusters.
class WeightedArm {
 public:
  explicit WeightedArm(const Clustered& arm) : arm_(arm), order_(arm.values.size()) {
    std::iota(order_.begin(), order_.end(), 0u);
    std::ranges::sort(order_, {}, [&](std::uint32_t i) { return arm.values[i]; });
  }

  // Type 7 of the rows repeated by their cluster's weight; nothing where all weigh 0.
  std::optional<double> quantile(std::span<const std::uint32_t> weights, double share) const {
    std::size_t rows = 0;
    for (const std::uint32_t cluster : arm_.clusters) rows += weights[cluster];
    if (rows == 0) return std::nullopt;
    const double place = share * as_double(rows - 1);
    const auto below = static_cast<std::size_t>(place);
    std::size_t passed = 0;
    std::optional<double> low;
    for (const std::uint32_t i : order_) {
      passed += weights[arm_.clusters[i]];
      if (!low && passed > below) low = arm_.values[i];
      if (passed > below + 1) return *low + (place - as_double(below)) * (arm_.values[i] - *low);
    }
    return low;
  }

 private:
  const Clustered& arm_;
  std::vector<std::uint32_t> order_;
};

}  // namespace

Result<Pair> quantile_bootstrap_pair(std::span<const double> control, std::span<const double> treated, double share,
                                     const Resampling& resampling) {
  HANDSEL_TRY(check(share, resampling));
  Pair pair;
  const auto fill = [&](std::span<const double> values, Rng rng, double& estimate, double& spread) -> Result<void> {
    HANDSEL_TRY(check_values(values));
    std::vector<double> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    estimate = quantile_of_sorted(sorted, share);
    std::vector<double> drawn;
    for (std::size_t i = 0; i < resampling.resamples; ++i) drawn.push_back(redrawn_quantile(sorted, share, rng));
    spread = variance(drawn);
    return {};
  };
  const Rng rng(resampling.seed);
  HANDSEL_TRY(fill(control, rng.split(0), pair.control, pair.control_variance));
  HANDSEL_TRY(fill(treated, rng.split(1), pair.treated, pair.treated_variance));
  return pair;
}

Result<Pair> quantile_cluster_bootstrap_pair(const Clustered& control, const Clustered& treated, std::size_t count,
                                             double share, const Resampling& resampling) {
  HANDSEL_TRY(check(share, resampling));
  HANDSEL_TRY(check_values(control.values));
  HANDSEL_TRY(check_values(treated.values));
  if (count < 2) return fail(Code::kInvalidData, "{} clusters; errors need two", count);
  const WeightedArm arm_c(control);
  const WeightedArm arm_t(treated);
  std::vector<std::uint32_t> weights(count, 1);
  Pair pair{.control = *arm_c.quantile(weights, share), .treated = *arm_t.quantile(weights, share)};
  std::vector<double> drawn_c, drawn_t;
  Rng rng(resampling.seed);
  for (std::size_t i = 0; i < resampling.resamples; ++i) {
    std::ranges::fill(weights, 0u);
    for (std::size_t draw = 0; draw < count; ++draw) ++weights[rng.below(count)];
    const auto quantile_c = arm_c.quantile(weights, share);
    const auto quantile_t = arm_t.quantile(weights, share);
    if (!quantile_c || !quantile_t) continue;  // of few clusters, none of one arm may be drawn
    drawn_c.push_back(*quantile_c);
    drawn_t.push_back(*quantile_t);
  }
  if (drawn_c.size() < 2) return fail(Code::kInvalidData, "too few clusters in an arm to draw from");
  pair.control_variance = variance(drawn_c);
  pair.treated_variance = variance(drawn_t);
  const double mean_c = mean(drawn_c);
  const double mean_t = mean(drawn_t);
  for (std::size_t i = 0; i < drawn_c.size(); ++i)
    pair.covariance += (drawn_c[i] - mean_c) * (drawn_t[i] - mean_t) / as_double(drawn_c.size() - 1);
  return pair;
}

}  // namespace handsel::estimators

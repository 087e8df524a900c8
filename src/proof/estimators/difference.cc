#include "proof/estimators/difference.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/math/statistics.h"

namespace handsel::estimators {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
// A control nearer to 0 than this many errors has no interval of the lift.
constexpr double kControlErrorsMin = 3;

double as_double(std::size_t count) {
  return static_cast<double>(count);
}

Result<void> check_arm(std::span<const double> values, const char* arm) {
  if (values.size() < 2) {
    return fail(Code::kInvalidData, "the {} arm has {} units with a value; two are the least", arm, values.size());
  }
  if (!std::ranges::all_of(values, [](double value) { return std::isfinite(value); })) {
    return fail(Code::kInvalidData, "the {} arm has a value that is not finite", arm);
  }
  return {};
}

Result<void> check_arms(std::span<const double> control, std::span<const double> treated) {
  HANDSEL_TRY(check_arm(control, "control"));
  HANDSEL_TRY(check_arm(treated, "treated"));
  const auto is_first = [&](double value) { return value == control[0]; };
  if (std::ranges::all_of(control, is_first) && std::ranges::all_of(treated, is_first)) {
    return fail(Code::kInvalidData, "every unit has the same value, {}; there is nothing to compare", control[0]);
  }
  return {};
}

double two_sided(double z, double freedom) {
  return std::isinf(freedom) ? 2 * normal_cdf(-std::fabs(z)) : 2 * student_t_survival(std::fabs(z), freedom);
}

double critical(double confidence, double freedom) {
  const double p = 0.5 + confidence / 2;
  return std::isinf(freedom) ? normal_quantile(p) : student_t_quantile(p, freedom);
}

// Of either arm, the sums of influences by cluster.
std::vector<double> cluster_sums(const Clustered& arm, double centre, std::size_t count) {
  std::vector<double> sums(count, 0.0);
  for (std::size_t i = 0; i < arm.values.size(); ++i) {
    sums[arm.clusters[i]] += (arm.values[i] - centre) / as_double(arm.values.size());
  }
  return sums;
}

Result<Pair> cluster_covariances(const Clustered& control, const Clustered& treated, std::size_t count, double centre_c,
                                 double centre_t) {
  std::vector<bool> in_control(count, false);
  std::vector<bool> in_treated(count, false);
  for (const std::uint32_t cluster : control.clusters) in_control[cluster] = true;
  for (const std::uint32_t cluster : treated.clusters) in_treated[cluster] = true;
  const auto count_c = as_double(static_cast<std::size_t>(std::ranges::count(in_control, true)));
  const auto count_t = as_double(static_cast<std::size_t>(std::ranges::count(in_treated, true)));
  if (count_c < 2 || count_t < 2) {
    return fail(Code::kInvalidData, "{} clusters in control and {} in treatment; both need two", count_c, count_t);
  }
  std::size_t all = 0;
  for (std::size_t g = 0; g < count; ++g) all += in_control[g] || in_treated[g];
  const auto sums_c = cluster_sums(control, centre_c, count);
  const auto sums_t = cluster_sums(treated, centre_t, count);
  Pair pair{.freedom = std::max(1.0, as_double(all) - 2)};
  for (std::size_t g = 0; g < count; ++g) {
    pair.control_variance += sums_c[g] * sums_c[g] * count_c / (count_c - 1);
    pair.treated_variance += sums_t[g] * sums_t[g] * count_t / (count_t - 1);
    pair.covariance += sums_c[g] * sums_t[g];
  }
  return pair;
}

// The error of a quantile, from the error of the share below it.
double woodruff_variance(std::span<const double> sorted, double share, double share_error) {
  constexpr double kConfidence = 0.95;
  const double z = normal_quantile(0.5 + kConfidence / 2);
  const double low = quantile_of_sorted(sorted, std::max(0.0, share - z * share_error));
  const double high = quantile_of_sorted(sorted, std::min(1.0, share + z * share_error));
  const double error = (high - low) / (2 * z);
  return error * error;
}

Result<void> check_share(double share) {
  if (share > 0 && share < 1) return {};
  return fail(Code::kInvalidArgument, "a quantile of {} is not between 0 and 1", share);
}

std::vector<double> sorted_copy(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  return sorted;
}

std::vector<double> indicators(std::span<const double> values, double bound) {
  std::vector<double> out;
  out.reserve(values.size());
  for (const double value : values) out.push_back(value <= bound ? 1 : 0);
  return out;
}

}  // namespace

Difference difference_of(const Pair& pair, double confidence) {
  Difference out{.estimate = pair.treated - pair.control};
  out.error = std::sqrt(std::max(0.0, pair.treated_variance + pair.control_variance - 2 * pair.covariance));
  const double reach = critical(confidence, pair.freedom);
  out.low = out.estimate - reach * out.error;
  out.high = out.estimate + reach * out.error;
  if (out.error > 0) {
    out.p = two_sided(out.estimate / out.error, pair.freedom);
  } else {
    out.p = out.estimate == 0 ? 1 : 0;
  }
  out.lift = pair.control != 0 ? out.estimate / pair.control : kNothing;
  const double ratio = 1 + out.lift;
  const double lift_error = std::sqrt(std::max(0.0, pair.treated_variance + ratio * ratio * pair.control_variance -
                                                        2 * ratio * pair.covariance)) /
                            std::fabs(pair.control);
  const bool is_away_from_0 = std::fabs(pair.control) > kControlErrorsMin * std::sqrt(pair.control_variance);
  out.lift_low = is_away_from_0 ? out.lift - reach * lift_error : kNothing;
  out.lift_high = is_away_from_0 ? out.lift + reach * lift_error : kNothing;
  return out;
}

Result<Pair> welch_pair(std::span<const double> control, std::span<const double> treated) {
  HANDSEL_TRY(check_arms(control, treated));
  Pair pair{.control = mean(control), .treated = mean(treated)};
  pair.control_variance = variance(control) / as_double(control.size());
  pair.treated_variance = variance(treated) / as_double(treated.size());
  const double sum = pair.control_variance + pair.treated_variance;
  const double below = pair.control_variance * pair.control_variance / as_double(control.size() - 1) +
                       pair.treated_variance * pair.treated_variance / as_double(treated.size() - 1);
  if (below > 0) pair.freedom = sum * sum / below;
  return pair;
}

Result<Pair> proportion_pair(std::span<const double> control, std::span<const double> treated) {
  HANDSEL_TRY(check_arms(control, treated));
  const auto is_share = [](double value) { return value == 0 || value == 1; };
  if (!std::ranges::all_of(control, is_share) || !std::ranges::all_of(treated, is_share)) {
    return fail(Code::kInvalidData, "a proportion needs values of 0 and 1 alone");
  }
  Pair pair{.control = mean(control), .treated = mean(treated)};
  pair.control_variance = pair.control * (1 - pair.control) / as_double(control.size());
  pair.treated_variance = pair.treated * (1 - pair.treated) / as_double(treated.size());
  return pair;
}

Result<Pair> cluster_pair(const Clustered& control, const Clustered& treated, std::size_t count) {
  HANDSEL_TRY(check_arms(control.values, treated.values));
  const double centre_c = mean(control.values);
  const double centre_t = mean(treated.values);
  HANDSEL_ASSIGN(Pair pair, cluster_covariances(control, treated, count, centre_c, centre_t));
  pair.control = centre_c;
  pair.treated = centre_t;
  return pair;
}

Result<Pair> stratum_pair(const Stratified& control, const Stratified& treated, std::size_t count) {
  HANDSEL_TRY(check_arms(control.values, treated.values));
  std::vector<std::vector<double>> by_stratum_c(count);
  std::vector<std::vector<double>> by_stratum_t(count);
  for (std::size_t i = 0; i < control.values.size(); ++i) by_stratum_c[control.strata[i]].push_back(control.values[i]);
  for (std::size_t i = 0; i < treated.values.size(); ++i) by_stratum_t[treated.strata[i]].push_back(treated.values[i]);
  Pair pair;
  const double units = as_double(control.values.size() + treated.values.size());
  for (std::size_t s = 0; s < count; ++s) {
    const std::size_t n_c = by_stratum_c[s].size();
    const std::size_t n_t = by_stratum_t[s].size();
    if (n_c + n_t == 0) continue;
    if (n_c < 2 || n_t < 2) {
      return fail(Code::kInvalidData, "stratum {} has {} control and {} treated units; both need two", s, n_c, n_t);
    }
    const double weight = as_double(n_c + n_t) / units;
    pair.control += weight * mean(by_stratum_c[s]);
    pair.treated += weight * mean(by_stratum_t[s]);
    pair.control_variance += weight * weight * variance(by_stratum_c[s]) / as_double(n_c);
    pair.treated_variance += weight * weight * variance(by_stratum_t[s]) / as_double(n_t);
  }
  return pair;
}

Result<Pair> quantile_pair(std::span<const double> control, std::span<const double> treated, double share) {
  HANDSEL_TRY(check_share(share));
  HANDSEL_TRY(check_arms(control, treated));
  Pair pair;
  const auto fill = [&](std::span<const double> values, double& estimate, double& variance) {
    const std::vector<double> sorted = sorted_copy(values);
    estimate = quantile_of_sorted(sorted, share);
    variance = woodruff_variance(sorted, share, std::sqrt(share * (1 - share) / as_double(values.size())));
  };
  fill(control, pair.control, pair.control_variance);
  fill(treated, pair.treated, pair.treated_variance);
  return pair;
}

Result<Pair> quantile_cluster_pair(const Clustered& control, const Clustered& treated, std::size_t count,
                                   double share) {
  HANDSEL_TRY(check_share(share));
  HANDSEL_TRY(check_arms(control.values, treated.values));
  const std::vector<double> sorted_c = sorted_copy(control.values);
  const std::vector<double> sorted_t = sorted_copy(treated.values);
  const double quantile_c = quantile_of_sorted(sorted_c, share);
  const double quantile_t = quantile_of_sorted(sorted_t, share);
  const std::vector<double> below_c = indicators(control.values, quantile_c);
  const std::vector<double> below_t = indicators(treated.values, quantile_t);
  HANDSEL_ASSIGN(const Pair shares, cluster_covariances({below_c, control.clusters}, {below_t, treated.clusters}, count,
                                                        mean(below_c), mean(below_t)));
  Pair pair{.control = quantile_c, .treated = quantile_t};
  pair.control_variance = woodruff_variance(sorted_c, share, std::sqrt(shares.control_variance));
  pair.treated_variance = woodruff_variance(sorted_t, share, std::sqrt(shares.treated_variance));
  return pair;
}

}  // namespace handsel::estimators

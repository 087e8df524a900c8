#include "proof/metrics/unit_sample.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "base/core/hash.h"
#include "base/math/statistics.h"

namespace handsel::experiments {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

double as_double(std::size_t count) {
  return static_cast<double>(count);
}

Result<std::string> control_of(const WordColumn& variant, const AnalysisRequest& request) {
  const auto has = [&](const std::string& name) {
    return std::ranges::find(variant.labels, name) != variant.labels.end();
  };
  if (!request.control.empty()) {
    if (has(request.control)) return request.control;
    std::string list;
    for (std::size_t i = 0; i < std::min<std::size_t>(10, variant.labels.size()); ++i)
      list += (i == 0 ? "" : ", ") + variant.labels[i];
    return fail(Code::kNotFound, "column '{}' never says '{}'; it says: {}", variant.name, request.control, list);
  }
  for (const char* name : {"control", "0", "Control", "A"}) {
    if (has(name)) return name;
  }
  return fail(Code::kInvalidArgument, "which arm of '{}' is the control? Say it with --control", variant.name);
}

// The control first, the others by name; `code_to_arm` by the column's codes.
Result<void> name_arms(const WordColumn& variant, const AnalysisRequest& request, UnitSample& sample,
                       std::vector<std::uint32_t>& code_to_arm) {
  HANDSEL_ASSIGN(const std::string control, control_of(variant, request));
  if (variant.labels.size() < 2) return fail(Code::kInvalidData, "all units are in one arm, '{}'", control);
  if (variant.labels.size() > kArmsMax) {
    return fail(Code::kTooLarge, "column '{}' has {} values; {} arms can be compared", variant.name,
                variant.labels.size(), kArmsMax);
  }
  std::vector<std::string> names = variant.labels;
  std::ranges::sort(names, {}, [&](const std::string& name) { return std::pair(name != control, name); });
  for (const std::string& name : names) sample.arms.push_back({.name = name});
  for (const std::string& label : variant.labels) {
    code_to_arm.push_back(static_cast<std::uint32_t>(std::ranges::find(names, label) - names.begin()));
  }
  return {};
}

// Who appears twice, and who in two arms. Rows of units in two arms are left out.
void look_for_repeats(const WordColumn& unit, UnitSample& sample) {
  std::vector<std::uint32_t> arm_of_unit(unit.labels.size(), kNoArm);
  std::vector<bool> is_mixed(unit.labels.size(), false);
  for (std::size_t row = 0; row < sample.arm.size(); ++row) {
    const std::uint32_t code = unit.codes[row];
    if (sample.arm[row] == kNoArm || code == WordColumn::kMissing) continue;
    if (arm_of_unit[code] == kNoArm) {
      arm_of_unit[code] = sample.arm[row];
    } else {
      sample.repeated_units = true;
      if (arm_of_unit[code] != sample.arm[row]) is_mixed[code] = true;
    }
  }
  for (std::size_t code = 0; code < arm_of_unit.size(); ++code) {
    if (arm_of_unit[code] == kNoArm) continue;
    ++sample.units;
    if (is_mixed[code]) {
      ++sample.mixed_units;
    } else {
      ++sample.arms[arm_of_unit[code]].units;
    }
  }
  for (std::size_t row = 0; row < sample.arm.size(); ++row) {
    const std::uint32_t code = unit.codes[row];
    if (code == WordColumn::kMissing || is_mixed[code]) sample.arm[row] = kNoArm;
  }
}

// Codes that are in use, from 0 without holes; a missing one takes the row out.
void take_groups(const WordColumn& column, UnitSample& sample, std::vector<std::uint32_t>& groups, std::size_t& count) {
  std::vector<std::uint32_t> dense(column.labels.size(), kNoArm);
  groups.assign(sample.arm.size(), 0);
  count = 0;
  for (std::size_t row = 0; row < sample.arm.size(); ++row) {
    if (sample.arm[row] == kNoArm) continue;
    const std::uint32_t code = column.codes[row];
    if (code == WordColumn::kMissing) {
      sample.arm[row] = kNoArm;
      continue;
    }
    if (dense[code] == kNoArm) dense[code] = static_cast<std::uint32_t>(count++);
    groups[row] = dense[code];
  }
}

std::vector<std::string> covariates_of(const AnalysisRequest& request, const Metric& metric) {
  std::vector<std::string> names = request.covariates;
  const auto own = request.metric_covariate.find(metric.name);
  if (own != request.metric_covariate.end() && std::ranges::find(names, own->second) == names.end()) {
    names.push_back(own->second);
  }
  return names;
}

// What a metric reads of a row.
struct Reader {
  const std::vector<double>* values;
  const std::vector<double>* below = nullptr;
  std::vector<const std::vector<double>*> covariates;

  bool is_complete(std::size_t row) const {
    return !std::isnan((*values)[row]) && (below == nullptr || !std::isnan((*below)[row])) &&
           std::ranges::none_of(covariates, [row](const auto* column) { return std::isnan((*column)[row]); });
  }
};

// r + (a_i - r b_i) / mean(b), in place.
Result<void> linearise(std::vector<double>& above, const std::vector<double>& below, const std::string& arm) {
  const double mean_below = mean(below);
  if (!(std::fabs(mean_below) > 0)) {
    return fail(Code::kInvalidData, "the sum below the line is 0 in arm '{}'", arm);
  }
  const double ratio = mean(above) / mean_below;
  for (std::size_t i = 0; i < above.size(); ++i) above[i] = ratio + (above[i] - ratio * below[i]) / mean_below;
  return {};
}

// Bounds from all arms together, so that they do not depend on the effect's side.
void winsorise(std::vector<ArmValues>& arms, double share) {
  std::vector<double> all;
  for (const ArmValues& arm : arms) all.insert(all.end(), arm.values.begin(), arm.values.end());
  if (all.empty()) return;
  std::ranges::sort(all);
  const double high = quantile_of_sorted(all, share);
  const double low = all.front() < 0 ? quantile_of_sorted(all, 1 - share) : all.front();
  for (ArmValues& arm : arms)
    for (double& value : arm.values) value = std::clamp(value, low, high);
}

Result<void> adjust_values(MetricValues& out, const std::vector<std::vector<std::vector<double>>>& covariates,
                           std::span<const std::string> names, estimators::Adjustment how) {
  std::vector<estimators::ArmData> data;
  for (std::size_t arm = 0; arm < out.arms.size(); ++arm) {
    data.push_back({.values = out.arms[arm].values, .covariates = {}});
    for (const auto& column : covariates[arm]) data.back().covariates.emplace_back(column);
  }
  HANDSEL_ASSIGN(auto adjusted, estimators::adjust(data, names, how));
  for (std::size_t arm = 0; arm < out.arms.size(); ++arm) out.arms[arm].values = std::move(adjusted.values[arm]);
  out.extra_variance = std::move(adjusted.extra_variance);
  out.variance_kept = adjusted.variance_kept;
  return {};
}

Result<estimators::Pair> bootstrap_of(const UnitSample& sample, const AnalysisRequest& request, const Metric& metric,
                                      const ArmValues& control, const ArmValues& treated) {
  const estimators::Resampling resampling{.resamples = request.quantile_resamples, .seed = request.seed};
  if (sample.clusters.empty())
    return estimators::quantile_bootstrap_pair(control.values, treated.values, metric.quantile, resampling);
  return estimators::quantile_cluster_bootstrap_pair({control.values, control.clusters},
                                                     {treated.values, treated.clusters}, sample.cluster_count,
                                                     metric.quantile, resampling);
}

Result<estimators::Pair> pair_of(const UnitSample& sample, const AnalysisRequest& request, const Metric& metric,
                                 const ArmValues& control, const ArmValues& treated) {
  const bool has_clusters = !sample.clusters.empty();
  const bool is_adjusted = request.adjustment != estimators::Adjustment::kNone;
  if (metric.kind == MetricKind::kQuantile) {
    if (request.quantile_resamples > 0) return bootstrap_of(sample, request, metric, control, treated);
    return has_clusters ? estimators::quantile_cluster_pair({control.values, control.clusters},
                                                            {treated.values, treated.clusters}, sample.cluster_count,
                                                            metric.quantile)
                        : estimators::quantile_pair(control.values, treated.values, metric.quantile);
  }
  if (has_clusters) {
    return estimators::cluster_pair({control.values, control.clusters}, {treated.values, treated.clusters},
                                    sample.cluster_count);
  }
  if (!sample.strata.empty()) {
    return estimators::stratum_pair({control.values, control.strata}, {treated.values, treated.strata},
                                    sample.strata_count);
  }
  if (metric.kind == MetricKind::kProportion && !is_adjusted) {
    return estimators::proportion_pair(control.values, treated.values);
  }
  return estimators::welch_pair(control.values, treated.values);
}

}  // namespace

Result<UnitSample> sample_units(const UnitTable& table, const AnalysisRequest& request) {
  const WordColumn& variant = *table.word(request.variant);
  UnitSample sample;
  std::vector<std::uint32_t> code_to_arm;
  HANDSEL_TRY(name_arms(variant, request, sample, code_to_arm));
  sample.arm.resize(table.rows, kNoArm);
  for (std::size_t row = 0; row < table.rows; ++row) {
    if (variant.codes[row] == WordColumn::kMissing) {
      ++sample.rows_without_variant;
    } else {
      sample.arm[row] = code_to_arm[variant.codes[row]];
    }
  }
  if (!request.unit.empty()) look_for_repeats(*table.word(request.unit), sample);
  if (!request.strata.empty()) take_groups(*table.word(request.strata), sample, sample.strata, sample.strata_count);
  if (!request.cluster.empty()) {
    take_groups(*table.word(request.cluster), sample, sample.clusters, sample.cluster_count);
  } else if (sample.repeated_units) {
    take_groups(*table.word(request.unit), sample, sample.clusters, sample.cluster_count);
    sample.strata.clear();
  }
  if (request.unit.empty()) {
    for (const std::uint32_t arm : sample.arm)
      if (arm != kNoArm) ++sample.arms[arm].units;
    for (const Arm& arm : sample.arms) sample.units += arm.units;
  }
  return sample;
}

bool RowFilter::uses(std::size_t row) const {
  if (codes != nullptr && (*codes)[row] != code) return false;
  return half < 0 || static_cast<int>(mix64(seed ^ mix64(row + 1)) & 1) == half;
}

Result<MetricValues> metric_values(const UnitTable& table, const UnitSample& sample, const AnalysisRequest& request,
                                   const Metric& metric, const RowFilter& filter) {
  const bool adjusts = request.adjustment != estimators::Adjustment::kNone && metric.kind != MetricKind::kQuantile;
  const std::vector<std::string> names = adjusts ? covariates_of(request, metric) : std::vector<std::string>{};
  Reader reader{.values = &table.number(metric.column)->values};
  if (metric.kind == MetricKind::kRatio) reader.below = &table.number(metric.below)->values;
  for (const std::string& name : names) reader.covariates.push_back(&table.number(name)->values);

  MetricValues out{.arms = std::vector<ArmValues>(sample.arms.size()),
                   .extra_variance = std::vector<double>(sample.arms.size(), 0.0)};
  std::vector<std::vector<double>> below(sample.arms.size());
  std::vector<std::vector<std::vector<double>>> covariates(sample.arms.size(),
                                                           std::vector<std::vector<double>>(names.size()));
  for (std::size_t row = 0; row < table.rows; ++row) {
    const std::uint32_t arm = sample.arm[row];
    if (arm == kNoArm || !filter.uses(row)) continue;
    ArmValues& to = out.arms[arm];
    if (!reader.is_complete(row)) {
      ++to.missing;
      continue;
    }
    to.values.push_back((*reader.values)[row]);
    to.rows.push_back(static_cast<std::uint32_t>(row));
    if (!sample.clusters.empty()) to.clusters.push_back(sample.clusters[row]);
    if (!sample.strata.empty()) to.strata.push_back(sample.strata[row]);
    if (reader.below != nullptr) below[arm].push_back((*reader.below)[row]);
    for (std::size_t k = 0; k < names.size(); ++k) covariates[arm][k].push_back((*reader.covariates[k])[row]);
  }
  if (metric.kind == MetricKind::kWinsorised) winsorise(out.arms, metric.quantile);
  if (metric.kind == MetricKind::kRatio) {
    for (std::size_t arm = 0; arm < out.arms.size(); ++arm) {
      if (!out.arms[arm].values.empty()) {
        HANDSEL_TRY(linearise(out.arms[arm].values, below[arm], sample.arms[arm].name));
      }
    }
  }
  if (!names.empty()) HANDSEL_TRY(adjust_values(out, covariates, names, request.adjustment));
  return out;
}

Effect effect_of(const UnitSample& sample, const AnalysisRequest& request, const Metric& metric,
                 const Result<MetricValues>& values, std::size_t arm) {
  Effect effect{.metric = metric.name, .arm = sample.arms[arm].name};
  effect.p_adjusted = kNothing;
  if (!values) {
    effect.problem = values.error().message;
    return effect;
  }
  const ArmValues& control = values->arms[0];
  const ArmValues& treated = values->arms[arm];
  effect.control_units = control.values.size();
  effect.treated_units = treated.values.size();
  effect.variance_kept = values->variance_kept;
  auto pair = pair_of(sample, request, metric, control, treated);
  if (!pair) {
    effect.problem = pair.error().message;
    return effect;
  }
  effect.control = pair->control;
  effect.treated = pair->treated;
  effect.control_error = std::sqrt(pair->control_variance);
  effect.treated_error = std::sqrt(pair->treated_variance);
  pair->treated_variance += values->extra_variance[arm];
  effect.difference = estimators::difference_of(*pair, 1 - request.alpha);
  effect.p_adjusted = effect.difference.p;
  const double units = as_double(effect.control_units + effect.treated_units);
  if (request.sequential) {
    const double ratio = estimators::mixture_ratio(request.planned_units, request.alpha);
    const double reach = estimators::always_valid_reach(units, ratio, request.alpha) * effect.difference.error;
    const double z = effect.difference.error > 0 ? effect.difference.estimate / effect.difference.error : kNothing;
    effect.sequential = Sequential{.low = effect.difference.estimate - reach,
                                   .high = effect.difference.estimate + reach,
                                   .p = estimators::always_valid_p(z, units, ratio)};
  }
  if (request.bayes) {
    const double deviation = metric.kind == MetricKind::kQuantile
                                 ? effect.control_error * std::sqrt(as_double(effect.control_units))
                                 : std::sqrt(variance(control.values));
    effect.posterior = estimators::posterior_of(effect.difference.estimate, effect.difference.error,
                                                request.prior_deviation * deviation, 1 - request.alpha);
  }
  return effect;
}

}  // namespace handsel::experiments

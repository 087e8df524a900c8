#include "proof/metrics/analysis.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/math/statistics.h"
#include "proof/estimators/checks.h"
#include "proof/metrics/funnel.h"
#include "proof/metrics/over_time.h"
#include "proof/metrics/segments.h"
#include "proof/metrics/unit_sample.h"

namespace handsel::experiments {
namespace {

std::string percent(double share) {
  return fmt::format("{:.3f} %", 100 * share);
}

Result<Check> check_sample_ratio(const UnitSample& sample, const AnalysisRequest& request) {
  std::vector<std::uint64_t> units;
  std::uint64_t all = 0;
  for (const Arm& arm : sample.arms) {
    units.push_back(arm.units);
    all += arm.units;
  }
  std::vector<double> expected = request.expected;
  if (expected.empty()) expected.assign(units.size(), 1.0);
  HANDSEL_ASSIGN(const double p, estimators::sample_ratio_p(units, expected));
  double sum = 0;
  for (const double weight : expected) sum += weight;
  std::string shares;
  for (std::size_t arm = 0; arm < units.size(); ++arm) {
    shares +=
        fmt::format("{}{} {} (planned {})", arm == 0 ? "" : ", ", sample.arms[arm].name,
                    percent(static_cast<double>(units[arm]) / static_cast<double>(std::max<std::uint64_t>(1, all))),
                    percent(expected[arm] / sum));
  }
  const bool passed = p >= estimators::kAlarm;
  return Check{.name = "sample ratio",
               .passed = passed,
               .stops = true,
               .p = p,
               .sentence = passed ? "The arms have the sizes that were planned: " + shares + "."
                                  : "The arms do not have the sizes that were planned, so units were lost or gained "
                                    "on one side: " +
                                        shares + "."};
}

Check check_mixed(const UnitSample& sample) {
  return {.name = "one arm per unit",
          .passed = sample.mixed_units == 0,
          .stops = true,
          .p = sample.mixed_units == 0 ? 1.0 : 0.0,
          .sentence = sample.mixed_units == 0
                          ? std::string("No unit is in two arms.")
                          : fmt::format("{} units are in two arms; their rows were left out.", sample.mixed_units)};
}

// The smallest p of a column before the experiment over the arms, times how many arms there are to compare.
Check check_before(const UnitTable& table, const UnitSample& sample, const AnalysisRequest& request,
                   const std::string& column) {
  AnalysisRequest plain = request;
  plain.adjustment = estimators::Adjustment::kNone;
  plain.sequential = false;
  plain.bayes = false;
  const Metric metric{.name = column, .column = column};
  const auto values = metric_values(table, sample, plain, metric, {});
  Check check{.name = "before the experiment: " + column, .stops = true};
  const auto comparisons = static_cast<double>(sample.arms.size() - 1);
  for (std::size_t arm = 1; arm < sample.arms.size(); ++arm) {
    const Effect effect = effect_of(sample, plain, metric, values, arm);
    if (effect.problem.empty()) check.p = std::min(check.p, effect.difference.p * comparisons);
  }
  check.passed = check.p >= estimators::kAlarm;
  check.sentence = check.passed ? fmt::format("The arms were alike in {} before the experiment.", column)
                                : fmt::format("The arms differed in {} before the experiment began.", column);
  return check;
}

Check check_missing(const UnitSample& sample, const Metric& metric, const MetricValues& values) {
  std::vector<std::uint64_t> present;
  std::vector<std::uint64_t> missing;
  std::uint64_t missing_all = 0;
  for (const ArmValues& arm : values.arms) {
    present.push_back(arm.values.size());
    missing.push_back(arm.missing);
    missing_all += arm.missing;
  }
  const double p = sample.arms.empty() ? 1 : estimators::missing_p(present, missing);
  const bool passed = p >= estimators::kAlarm;
  return {.name = "missing values: " + metric.name,
          .passed = passed,
          .stops = true,
          .p = p,
          .sentence = passed
                          ? fmt::format("{} units have no value of {}, as many in every arm.", missing_all, metric.name)
                          : fmt::format("{} is missing for more units of one arm than of another.", metric.name)};
}

std::set<std::string> columns_before(const AnalysisRequest& request) {
  std::set<std::string> columns(request.pre.begin(), request.pre.end());
  columns.insert(request.covariates.begin(), request.covariates.end());
  for (const auto& [metric, column] : request.metric_covariate) columns.insert(column);
  return columns;
}

void correct(std::vector<Effect>& effects, estimators::Correction correction) {
  std::vector<double> p;
  for (const Effect& effect : effects) p.push_back(effect.problem.empty() ? effect.difference.p : std::nan(""));
  const auto adjusted = estimators::adjusted_p(p, correction);
  for (std::size_t i = 0; i < effects.size(); ++i) effects[i].p_adjusted = adjusted[i];
}

Result<void> check_request(const AnalysisRequest& request) {
  if (request.metrics.empty() || request.metrics.size() > kMetricsMax) {
    return fail(Code::kInvalidArgument, "{} metrics; between 1 and {} can be analysed", request.metrics.size(),
                kMetricsMax);
  }
  if (!(request.alpha > 0 && request.alpha < 1)) {
    return fail(Code::kInvalidArgument, "alpha {} is not between 0 and 1", request.alpha);
  }
  if (!(request.planned_units >= 1) || !(request.prior_deviation > 0)) {
    return fail(Code::kInvalidArgument, "planned units and the prior's deviation have to be positive");
  }
  if (!request.strata.empty() && !request.cluster.empty()) {
    return fail(Code::kInvalidArgument, "strata and clusters exclude each other");
  }
  if (request.adjustment == estimators::Adjustment::kNone &&
      !(request.covariates.empty() && request.metric_covariate.empty())) {
    return fail(Code::kInvalidArgument, "there are covariates, but no adjustment that uses them");
  }
  for (const auto& [name, column] : request.metric_covariate) {
    if (std::ranges::none_of(request.metrics, [&](const Metric& metric) { return metric.name == name; })) {
      return fail(Code::kInvalidArgument, "--covariate {}={}: there is no metric '{}'", name, column, name);
    }
  }
  if (!request.funnel.empty()) HANDSEL_TRY(check_steps(request.funnel));
  if (request.group.look > request.group.looks) {
    return fail(Code::kInvalidArgument, "look {} of {}", request.group.look, request.group.looks);
  }
  return {};
}

void add_notes(const UnitSample& sample, const AnalysisRequest& request, Analysis& out) {
  if (sample.repeated_units && request.cluster.empty()) {
    out.notes.push_back("Some units have several rows: errors are by unit.");
    if (!request.strata.empty()) out.notes.push_back("Strata were not used, because units have several rows.");
  }
  if (request.adjustment != estimators::Adjustment::kNone &&
      std::ranges::any_of(request.metrics, [](const Metric& m) { return m.kind == MetricKind::kQuantile; })) {
    out.notes.push_back("Quantiles are not adjusted for covariates.");
  }
  if (request.bayes) {
    out.notes.push_back(
        fmt::format("Prior of every difference: normal about 0 with {:g} standard deviations of the control.",
                    request.prior_deviation));
  }
  if (request.sequential) {
    out.notes.push_back(fmt::format("Always-valid intervals are tightest at {:g} units.", request.planned_units));
  }
}

}  // namespace

std::vector<std::string> number_columns(const AnalysisRequest& request) {
  std::set<std::string> names = columns_before(request);
  for (const Metric& metric : request.metrics) {
    names.insert(metric.column);
    if (!metric.below.empty()) names.insert(metric.below);
  }
  if (!request.day.empty()) names.insert(request.day);
  names.insert(request.funnel.begin(), request.funnel.end());
  return {names.begin(), names.end()};
}

std::vector<std::string> word_columns(const AnalysisRequest& request) {
  std::set<std::string> names = {request.variant};
  for (const std::string& name : {request.unit, request.strata, request.cluster})
    if (!name.empty()) names.insert(name);
  names.insert(request.segments.begin(), request.segments.end());
  return {names.begin(), names.end()};
}

bool Analysis::may_be_read() const {
  return std::ranges::none_of(checks, [](const Check& check) { return check.stops && !check.passed; });
}

Result<Analysis> analyse(const UnitTable& table, const AnalysisRequest& request) {
  HANDSEL_TRY(check_request(request));
  HANDSEL_ASSIGN(const UnitSample sample, sample_units(table, request));
  Analysis out{.rows = table.rows,
               .rows_without_variant = sample.rows_without_variant,
               .units = sample.units,
               .repeated_units = sample.repeated_units,
               .arms = sample.arms};
  HANDSEL_ASSIGN(Check ratio, check_sample_ratio(sample, request));
  out.checks.push_back(std::move(ratio));
  if (!request.unit.empty()) out.checks.push_back(check_mixed(sample));
  for (const std::string& column : columns_before(request))
    out.checks.push_back(check_before(table, sample, request, column));
  for (const Metric& metric : request.metrics) {
    const auto values = metric_values(table, sample, request, metric, {});
    if (values) {
      Check missing = check_missing(sample, metric, *values);
      if (!missing.passed || missing.p < 1) out.checks.push_back(std::move(missing));
    }
    for (std::size_t arm = 1; arm < sample.arms.size(); ++arm)
      out.effects.push_back(effect_of(sample, request, metric, values, arm));
    if (!request.day.empty() && values && metric.kind != MetricKind::kQuantile) {
      out.paths.push_back(path_of(table, sample, request, metric, *values));
    }
    for (const std::string& column : request.segments) {
      HANDSEL_ASSIGN(auto segmentation, segment(table, sample, request, metric, column));
      out.segmentations.push_back(std::move(segmentation));
    }
  }
  if (!request.funnel.empty()) {
    HANDSEL_ASSIGN(out.funnel, funnel_of(table, sample, request));
  }
  correct(out.effects, request.correction);
  if (request.group.looks > 0) {
    std::vector<double> information;
    for (std::size_t look = 1; look <= request.group.looks; ++look)
      information.push_back(static_cast<double>(look) / static_cast<double>(request.group.looks));
    HANDSEL_ASSIGN(out.boundaries, estimators::group_boundaries(information, request.alpha, request.group.spending));
  }
  add_notes(sample, request, out);
  return out;
}

}  // namespace handsel::experiments

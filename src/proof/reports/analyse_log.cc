#include "proof/reports/analyse_log.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "base/math/statistics.h"
#include "proof/estimators/checks.h"

namespace handsel::experiments {
namespace {

Result<CollectPlan> plan_of(const LogRequest& request) {
  const assignment::Experiment& experiment = request.experiment;
  if (experiment.variants.size() < 2) {
    return fail(Code::kInvalidData, "'{}' has {} variant; two are needed to compare", experiment.name,
                experiment.variants.size());
  }
  CollectPlan plan{.experiment = experiment.name,
                   .variants = {},
                   .unit = experiment.unit,
                   .switchback = experiment.switchback,
                   .query_unit = request.query_unit,
                   .listing_unit = request.listing_unit,
                   .metrics = {},
                   .currency = request.metrics_file.currency,
                   .from_ms = request.from_ms,
                   .to_ms = request.to_ms,
                   .before_ms = request.before_ms,
                   .novelty = {}};
  for (const assignment::Variant& variant : experiment.variants) plan.variants.push_back(variant.name);
  return plan;
}

// The control's first, then by name, as arms are ordered (unit_sample.cc).
std::vector<double> weights_of(const assignment::Experiment& experiment) {
  std::vector<const assignment::Variant*> others;
  for (std::size_t i = 1; i < experiment.variants.size(); ++i) others.push_back(&experiment.variants[i]);
  std::ranges::sort(others, {}, &assignment::Variant::name);
  std::vector<double> weights = {experiment.variants.front().weight};
  for (const assignment::Variant* variant : others) weights.push_back(variant->weight);
  return weights;
}

bool varies(const NumberColumn* column) {
  if (column == nullptr || column->values.empty()) return false;
  return std::ranges::any_of(column->values, [&](double value) { return value != column->values.front(); });
}

std::string unit_words(const assignment::Experiment& experiment) {
  return experiment.switchback ? "block of time" : experiment.unit;
}

std::vector<std::string> facts_of(const CollectedUnits& units, const LogRequest& request) {
  std::vector<std::string> facts = {
      fmt::format("From the event log: {} exposures, first met {} to {} UTC, events up to {}; a unit is a {}.",
                  units.exposures, moment_text(units.first_ms), moment_text(units.last_ms), moment_text(units.end_ms),
                  unit_words(request.experiment))};
  if (units.units_earlier > 0) {
    facts.push_back(fmt::format("Left out: {} units that met it before.", units.units_earlier));
  }
  if (units.other_variants > 0) {
    facts.push_back(
        fmt::format("Left out: {} exposures to variants that the definition does not have.", units.other_variants));
  }
  if (units.other_currency > 0) {
    facts.push_back(
        fmt::format("Left out: {} prices that are not in {}.", units.other_currency, request.metrics_file.currency));
  }
  if (request.metrics_file.currency == kAnyCurrency) {
    facts.emplace_back("Prices were added up whatever their currency.");
  }
  return facts;
}

void adjust_by_before(const UnitTable& table, std::span<const Metric> metrics, AnalysisRequest& request) {
  for (const Metric& metric : metrics) {
    const std::string before = before_column(metric.column);
    if (metric.kind == MetricKind::kQuantile || !varies(table.number(before))) continue;
    request.metric_covariate[metric.name] = before;
  }
  if (!request.metric_covariate.empty()) request.adjustment = estimators::Adjustment::kCuped;
}

void compare_before(const UnitTable& table, std::span<const Metric> metrics, AnalysisRequest& request) {
  for (const Metric& metric : metrics) {
    const std::string before = before_column(metric.column);
    if (varies(table.number(before))) request.pre.push_back(before);
  }
}

Result<void> collect_funnel(const MetricsFile& file, std::span<const std::string> names,
                            std::vector<EventMetric>& collected) {
  HANDSEL_ASSIGN(const auto steps, funnel_metrics(file, names));
  for (const EventMetric& step : steps) {
    if (std::ranges::find(collected, step.name, &EventMetric::name) == collected.end()) collected.push_back(step);
  }
  return {};
}

// A listing searches for nothing, and some shops have no carts: such a step would empty all that follow.
void drop_unreached(const UnitTable& table, std::vector<std::string>& funnel) {
  std::erase_if(funnel, [&](const std::string& step) {
    return std::ranges::none_of(table.number(step)->values, [](double value) { return value > 0; });
  });
  if (funnel.size() < 2) funnel.clear();
}

// Each day's column is a metric of its own.
Result<Path> novelty_of(const UnitTable& table, const AnalysisRequest& of, const std::string& metric,
                        std::size_t days) {
  AnalysisRequest request{.unit = of.unit, .variant = of.variant, .control = of.control, .expected = of.expected};
  request.alpha = of.alpha;
  request.correction = estimators::Correction::kNone;
  for (std::size_t day = 0; day < days; ++day) {
    const std::string column = novelty_column(metric, day);
    if (table.number(column) == nullptr) return Path{};
    request.metrics.push_back({.name = column, .column = column});
  }
  HANDSEL_ASSIGN(const Analysis analysis, analyse(table, request));
  Path path{.metric = metric, .arm = analysis.arms.at(1).name, .points = {}};
  for (std::size_t day = 0; day < days; ++day) {
    const auto effect = std::ranges::find_if(analysis.effects, [&](const Effect& candidate) {
      return candidate.arm == path.arm && candidate.metric == request.metrics[day].name;
    });
    if (effect == analysis.effects.end() || !effect->problem.empty()) continue;
    path.points.push_back({.day = static_cast<double>(day),
                           .estimate = effect->difference.estimate,
                           .error = effect->difference.error,
                           .low = effect->difference.low,
                           .high = effect->difference.high,
                           .units = static_cast<double>(effect->control_units + effect->treated_units)});
  }
  return path;
}

void add_notes(const LogAnalysisRequest& request, const AnalysisRequest& analysis, Analysis& out) {
  if (request.is_adjusted && analysis.metric_covariate.size() < analysis.metrics.size()) {
    out.notes.push_back(
        "Not adjusted for the time before, because nothing varied there or a quantile has no such "
        "adjustment: some of the metrics.");
  }
  for (const EventMetric& metric : request.log.metrics_file.metrics) {
    if (!metric.guard) continue;
    out.notes.push_back(fmt::format("{} is a guard rail: {} is better, {:g} % worse is the most that is tolerable.",
                                    metric.name, metric.more_is_better ? "more" : "less", 100 * *metric.guard));
  }
}

// Rows of units in one arm; a unit in two stands in two rows, one after the other.
UnitTable without_mixed(const UnitTable& table) {
  const std::vector<std::uint32_t>& units = table.word(kUnitColumn)->codes;
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < table.rows; ++row) {
    const bool repeats =
        (row > 0 && units[row] == units[row - 1]) || (row + 1 < table.rows && units[row] == units[row + 1]);
    if (!repeats) rows.push_back(row);
  }
  UnitTable out{.rows = rows.size()};
  for (const NumberColumn& column : table.numbers) {
    NumberColumn kept{.name = column.name, .values = {}};
    for (const std::size_t row : rows) kept.values.push_back(column.values[row]);
    out.numbers.push_back(std::move(kept));
  }
  for (const WordColumn& column : table.words) {
    WordColumn kept{.name = column.name, .codes = {}, .labels = column.labels};
    for (const std::size_t row : rows) kept.codes.push_back(column.codes[row]);
    out.words.push_back(std::move(kept));
  }
  return out;
}

// As an analysis does it: bounds from all arms together.
void winsorise(const Metric& metric, UnitTable& table) {
  if (metric.kind != MetricKind::kWinsorised) return;
  std::vector<double>& values = std::ranges::find(table.numbers, metric.column, &NumberColumn::name)->values;
  const double bound = quantile(values, metric.quantile);
  for (double& value : values) value = std::min(value, bound);
}

Result<void> check_sizes(const UnitTable& table, const assignment::Experiment& experiment) {
  std::vector<std::uint64_t> units(experiment.variants.size());
  std::vector<double> weights;
  for (const std::uint32_t code : table.word(kVariantColumn)->codes) ++units[code];
  for (const assignment::Variant& variant : experiment.variants) weights.push_back(variant.weight);
  HANDSEL_ASSIGN(const double p, estimators::sample_ratio_p(units, weights));
  if (p >= estimators::kAlarm) return {};
  std::string sizes;
  for (std::size_t i = 0; i < units.size(); ++i) {
    sizes += fmt::format("{}{} {}", i == 0 ? "" : ", ", experiment.variants[i].name, units[i]);
  }
  return fail(Code::kInvalidData,
              "the arms of '{}' do not have the sizes that were planned ({}; p {:.2g}), so no effect "
              "of it can be read",
              experiment.name, sizes, p);
}

Result<std::string> treated_of(const LogMediationRequest& request) {
  const auto& variants = request.log.experiment.variants;
  if (request.treated.empty()) {
    if (variants.size() == 2) return variants[1].name;
    return fail(Code::kInvalidArgument, "'{}' has {} variants; choose one with --treated", request.log.experiment.name,
                variants.size());
  }
  if (std::ranges::find(variants, request.treated, &assignment::Variant::name) == variants.end()) {
    return fail(Code::kNotFound, "'{}' has no variant '{}'", request.log.experiment.name, request.treated);
  }
  return request.treated;
}

}  // namespace

std::string moment_text(std::int64_t time_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> moment{milliseconds(time_ms)};
  const sys_days day = floor<days>(moment);
  const year_month_day date(day);
  const auto minutes = duration_cast<std::chrono::minutes>(moment - day).count();
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), minutes / 60,
                     minutes % 60);
}

Result<AnalysisReport> analyse_log(const EventPass& pass, const LogAnalysisRequest& request) {
  HANDSEL_ASSIGN(const MetricChoice choice, choose_metrics(request.log.metrics_file, request.metrics));
  if (choice.comparisons.empty()) return fail(Code::kInvalidArgument, "no metric was asked for");
  HANDSEL_ASSIGN(CollectPlan plan, plan_of(request.log));
  plan.metrics = choice.collected;
  plan.novelty = choice.comparisons.front().column;
  plan.novelty_days = request.novelty_days;
  AnalysisRequest analysis = request.analysis;
  if (request.has_usual_funnel) analysis.funnel = usual_funnel(request.log.metrics_file);
  HANDSEL_TRY(collect_funnel(request.log.metrics_file, analysis.funnel, plan.metrics));
  HANDSEL_ASSIGN(const CollectedUnits units, collect_units(pass, plan));

  if (request.has_usual_funnel) drop_unreached(units.table, analysis.funnel);
  analysis.unit = kUnitColumn;
  analysis.variant = kVariantColumn;
  analysis.control = plan.variants.front();
  analysis.expected = weights_of(request.log.experiment);
  analysis.metrics = choice.comparisons;
  analysis.day = kDayColumn;
  if (request.is_adjusted) {
    adjust_by_before(units.table, choice.comparisons, analysis);
  } else {
    compare_before(units.table, choice.comparisons, analysis);
  }
  for (const std::string& column : word_columns(analysis)) {
    if (units.table.word(column) == nullptr) {
      return fail(Code::kNotFound, "there is no '{}' to divide units by; there are {}, {} and {}", column,
                  kNewnessColumn, kHourColumn, kSurfaceColumn);
    }
  }
  AnalysisReport report{.source = fmt::format("experiment {}", request.log.experiment.name), .request = analysis};
  HANDSEL_ASSIGN(report.analysis, analyse(units.table, analysis));
  report.facts = facts_of(units, request.log);
  if (request.novelty_days > 0 && choice.comparisons.front().kind != MetricKind::kRatio) {
    HANDSEL_ASSIGN(report.novelty, novelty_of(units.table, analysis, plan.novelty, request.novelty_days));
  }
  add_notes(request, analysis, report.analysis);
  return report;
}

Result<MediationReport> mediate_log(const EventPass& pass, const LogMediationRequest& request) {
  std::vector<std::string> names = request.mediators;
  names.push_back(request.outcome);
  HANDSEL_ASSIGN(const MetricChoice choice, choose_metrics(request.log.metrics_file, names));
  for (const Metric& metric : choice.comparisons) {
    if (metric.kind == MetricKind::kRatio || metric.kind == MetricKind::kQuantile || metric.name.contains(':')) {
      return fail(Code::kInvalidArgument, "'{}' has no value for a single unit, which mediation needs", metric.name);
    }
  }
  HANDSEL_ASSIGN(CollectPlan plan, plan_of(request.log));
  plan.metrics = choice.collected;
  HANDSEL_ASSIGN(const std::string treated, treated_of(request));
  HANDSEL_ASSIGN(const CollectedUnits units, collect_units(pass, plan));
  UnitTable table = without_mixed(units.table);
  for (const Metric& metric : choice.comparisons) winsorise(metric, table);
  HANDSEL_TRY(check_sizes(table, request.log.experiment));
  MediationRequest to{.treatment = std::string(kVariantColumn),
                      .mediators = {},
                      .outcome = choice.comparisons.back().column,
                      .covariates = {},
                      .control = plan.variants.front(),
                      .treated = treated,
                      .classical = request.classical,
                      .options = request.options};
  for (std::size_t i = 0; i + 1 < choice.comparisons.size(); ++i) {
    to.mediators.push_back(choice.comparisons[i].column);
  }
  for (const EventMetric& metric : choice.collected) {
    if (request.is_adjusted && varies(table.number(before_column(metric.name)))) {
      to.covariates.push_back(before_column(metric.name));
    }
  }
  return mediate_table(table, fmt::format("experiment {}", request.log.experiment.name), to);
}

}  // namespace handsel::experiments

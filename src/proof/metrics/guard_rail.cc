#include "proof/metrics/guard_rail.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "proof/metrics/analysis.h"

namespace handsel::experiments {
namespace {

bool varies(const NumberColumn* column) {
  return column != nullptr &&
         std::ranges::any_of(column->values, [&](double value) { return value != column->values.front(); });
}

AnalysisRequest analysis_of(const MetricChoice& choice, const CollectPlan& plan, const UnitTable& table, double alpha,
                            double planned_units) {
  AnalysisRequest request{.unit = std::string(kUnitColumn), .variant = std::string(kVariantColumn)};
  request.metrics = choice.comparisons;
  request.control = plan.variants.front();
  request.alpha = alpha;
  request.correction = estimators::Correction::kNone;
  request.sequential = true;
  request.planned_units = planned_units;
  for (const Metric& metric : choice.comparisons) {
    const std::string before = before_column(metric.column);
    if (metric.kind == MetricKind::kQuantile || !varies(table.number(before))) continue;
    request.metric_covariate[metric.name] = before;
    request.adjustment = estimators::Adjustment::kCuped;
  }
  return request;
}

GuardState state_of(const EventMetric& metric, const Effect& effect, const AnalysisRequest& request) {
  GuardState state{.metric = effect.metric,
                   .arm = effect.arm,
                   .problem = effect.problem,
                   .units = effect.control_units + effect.treated_units,
                   .tolerable = *metric.guard};
  if (!effect.problem.empty()) return state;
  state.control = effect.control;
  state.treated = effect.treated;
  state.lift = effect.difference.lift;
  state.lift_low = effect.sequential->low / effect.control;
  state.lift_high = effect.sequential->high / effect.control;
  state.p = effect.sequential->p;
  if (static_cast<double>(state.units) < estimators::kUnitsMin) {
    state.problem = fmt::format("{} units are too few to say", state.units);
    return state;
  }
  const double limit = metric.more_is_better ? 1 - *metric.guard : 1 + *metric.guard;
  const double beyond = effect.treated - limit * effect.control;
  const double error = std::hypot(effect.treated_error, limit * effect.control_error);
  const double ratio = estimators::mixture_ratio(request.planned_units, request.alpha);
  const double reach = estimators::always_valid_reach(static_cast<double>(state.units), ratio, request.alpha) * error;
  state.is_broken = metric.more_is_better ? beyond + reach < 0 : beyond - reach > 0;
  return state;
}

}  // namespace

std::string GuardState::sentence() const {
  if (!problem.empty()) return fmt::format("{} of {}: {}.", metric, arm, problem);
  return fmt::format("{} of {} changed by {:+.2f} % (always valid: {:+.2f} to {:+.2f} %); {:g} % worse is tolerable{}.",
                     metric, arm, 100 * lift, 100 * lift_low, 100 * lift_high, 100 * tolerable,
                     is_broken ? ", and it is surely worse than that" : "");
}

Result<std::vector<GuardState>> check_guards(const EventPass& pass, const GuardRequest& request) {
  const assignment::Experiment& experiment = request.experiment;
  std::vector<std::string> names;
  for (const EventMetric& metric : request.metrics_file.metrics)
    if (metric.guard) names.push_back(metric.name);
  if (names.empty()) return std::vector<GuardState>{};
  if (experiment.variants.size() < 2) {
    return fail(Code::kInvalidData, "'{}' has one variant; there is nothing to compare it with", experiment.name);
  }
  HANDSEL_ASSIGN(const MetricChoice choice, choose_metrics(request.metrics_file, names));
  CollectPlan plan{.experiment = experiment.name,
                   .variants = {},
                   .unit = experiment.unit,
                   .switchback = experiment.switchback,
                   .query_unit = request.query_unit,
                   .listing_unit = request.listing_unit,
                   .metrics = choice.collected,
                   .currency = request.metrics_file.currency,
                   .from_ms = request.from_ms,
                   .before_ms = request.before_ms,
                   .novelty = {}};
  for (const assignment::Variant& variant : experiment.variants) plan.variants.push_back(variant.name);
  HANDSEL_ASSIGN(const CollectedUnits units, collect_units(pass, plan));
  const auto comparisons = static_cast<double>(names.size() * (experiment.variants.size() - 1));
  const AnalysisRequest analysis =
      analysis_of(choice, plan, units.table, request.alpha / comparisons, request.planned_units);
  HANDSEL_ASSIGN(const Analysis result, analyse(units.table, analysis));
  std::vector<GuardState> states;
  for (const Effect& effect : result.effects) {
    states.push_back(state_of(*request.metrics_file.find(effect.metric), effect, analysis));
  }
  return states;
}

bool any_broken(const std::vector<GuardState>& states) {
  return std::ranges::any_of(states, &GuardState::is_broken);
}

}  // namespace handsel::experiments

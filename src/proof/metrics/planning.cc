#include "proof/metrics/planning.h"

#include <algorithm>
#include <cmath>

#include "base/math/statistics.h"

namespace handsel::experiments {
namespace {

constexpr std::int64_t kWeekMs = 7 * kDayMs;

Result<void> check(const PlanRequest& request) {
  if (!(request.change > 0) || !std::isfinite(request.change)) {
    return fail(Code::kInvalidArgument, "a change of {} is nothing to look for", request.change);
  }
  if (!(request.share > 0 && request.share <= 1)) {
    return fail(Code::kInvalidArgument, "a share of {} is not above 0 and up to 1", request.share);
  }
  if (request.arms < 2 || request.arms > assignment::kVariantsMax) {
    return fail(Code::kInvalidArgument, "{} arms; between 2 and {} can be planned", request.arms,
                assignment::kVariantsMax);
  }
  if (request.weeks < 1 || request.weeks > kPlannedWeeksMax) {
    return fail(Code::kInvalidArgument, "{} weeks; between 1 and {} can be planned", request.weeks, kPlannedWeeksMax);
  }
  return {};
}

struct Span {
  std::int64_t first_ms = std::numeric_limits<std::int64_t>::max();
  std::int64_t end_ms = 0;  // after the newest
};

Result<Span> span_of(const EventPass& pass) {
  Span span;
  HANDSEL_TRY(pass([&](const events::Event& event) {
    if (event.kind == events::EventKind::kExposure) return true;
    span.first_ms = std::min(span.first_ms, event.time_ms);
    span.end_ms = std::max(span.end_ms, event.time_ms + 1);
    return true;
  }));
  if (span.end_ms == 0) return fail(Code::kNotFound, "there are no events to plan from");
  if (span.end_ms - span.first_ms < kDayMs) {
    return fail(Code::kInvalidData, "there is less than a day of events; that is no history to plan from");
  }
  return span;
}

// Values as they are compared; units without one are out. Of a ratio the linearised ones (difference.h).
struct UnitValues {
  std::vector<double> values;
  std::vector<double> before;
};

UnitValues values_of(const UnitTable& table, const Metric& metric) {
  const std::vector<double>& above = table.number(metric.column)->values;
  const NumberColumn* below = metric.below.empty() ? nullptr : table.number(metric.below);
  const NumberColumn* before = table.number(before_column(metric.column));
  UnitValues out;
  std::vector<double> divisors;
  for (std::size_t row = 0; row < table.rows; ++row) {
    if (std::isnan(above[row])) continue;
    out.values.push_back(above[row]);
    out.before.push_back(before == nullptr ? 0 : before->values[row]);
    if (below != nullptr) divisors.push_back(below->values[row]);
  }
  if (metric.kind == MetricKind::kWinsorised && !out.values.empty()) {
    const double bound = quantile(out.values, metric.quantile);
    for (double& value : out.values) value = std::min(value, bound);
  }
  const double divisor = mean(divisors);
  if (below != nullptr && divisor > 0) {
    const double ratio = mean(out.values) / divisor;
    for (std::size_t i = 0; i < out.values.size(); ++i) {
      out.values[i] = ratio + (out.values[i] - ratio * divisors[i]) / divisor;
    }
  }
  return out;
}

double correlation_squared(const UnitValues& units) {
  const double mean_y = mean(units.values), mean_x = mean(units.before);
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < units.values.size(); ++i) {
    const double x = units.before[i] - mean_x, y = units.values[i] - mean_y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  return xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0;
}

// What `week` can find, where its units, mean and deviation are known.
Result<void> add_power(const PlanRequest& request, PlannedWeek& week) {
  const auto arms = static_cast<double>(request.arms);
  const estimators::Design design{.alpha = request.alpha / (arms - 1), .power = request.power};
  const double deviation = week.deviation * std::sqrt(week.variance_kept);
  week.detectable = week.detectable_plain = std::numeric_limits<double>::quiet_NaN();
  week.units_needed = std::numeric_limits<double>::quiet_NaN();
  if (!(week.mean > 0) || !(deviation > 0)) return {};
  if (week.units / arms >= 2) {
    HANDSEL_ASSIGN(const double effect, estimators::detectable_effect(week.units / arms, design));
    week.detectable = effect * deviation / week.mean;
    week.detectable_plain = effect * week.deviation / week.mean;
  }
  HANDSEL_ASSIGN(const double needed, estimators::units_needed(request.change * week.mean / deviation, design));
  week.units_needed = needed * arms;
  return {};
}

Result<PlannedWeek> measured_week(UnitCollector& collector, const Metric& metric, double share) {
  HANDSEL_ASSIGN(const CollectedUnits units, collector.finish());
  const UnitValues values = values_of(units.table, metric);
  PlannedWeek week;
  week.units = static_cast<double>(values.values.size()) * share;
  week.mean = mean(values.values);
  week.deviation = std::sqrt(variance(values.values));
  week.variance_kept = 1 - correlation_squared(values);
  return week;
}

void extrapolate(std::size_t weeks, std::vector<PlannedWeek>& known) {
  const PlannedWeek last = known.back();
  const double grows = known.size() > 1 ? last.units - known[known.size() - 2].units : last.units;
  while (known.size() < weeks) {
    PlannedWeek next = known.back();
    next.is_extrapolated = true;
    next.units += grows;
    known.push_back(next);
  }
}

}  // namespace

Result<ExperimentPlan> plan_experiment(const EventPass& pass, const PlanRequest& request) {
  HANDSEL_TRY(check(request));
  HANDSEL_ASSIGN(const MetricChoice choice, choose_metrics(request.metrics_file, std::vector{request.metric}));
  ExperimentPlan plan{.comparison = choice.comparisons.front(), .weeks = {}, .enough = {}};
  if (plan.comparison.kind == MetricKind::kQuantile) {
    return fail(Code::kInvalidData, "'{}' is a quantile, whose variance history does not tell; plan with a mean",
                request.metric);
  }
  HANDSEL_ASSIGN(const Span span, span_of(pass));
  plan.history_weeks = static_cast<double>(span.end_ms - span.first_ms) / static_cast<double>(kWeekMs);
  const auto known = std::clamp<std::size_t>(static_cast<std::size_t>(plan.history_weeks), 1, request.weeks);
  std::vector<UnitCollector> collectors;
  for (std::size_t weeks = 1; weeks <= known; ++weeks) {
    CollectPlan collect{.experiment = {},
                        .variants = {"all"},
                        .unit = request.unit,
                        .switchback = {},
                        .query_unit = request.query_unit,
                        .listing_unit = request.listing_unit,
                        .metrics = choice.collected,
                        .currency = request.metrics_file.currency,
                        .from_ms = span.end_ms - static_cast<std::int64_t>(weeks) * kWeekMs,
                        .to_ms = span.end_ms,
                        .novelty = {}};
    HANDSEL_ASSIGN(UnitCollector collector, UnitCollector::make(std::move(collect)));
    collectors.push_back(std::move(collector));
  }
  HANDSEL_TRY(pass([&](const events::Event& event) {
    for (UnitCollector& collector : collectors) collector.note(event);
    return true;
  }));
  for (UnitCollector& collector : collectors) HANDSEL_TRY(collector.begin());
  HANDSEL_TRY(pass([&](const events::Event& event) {
    for (UnitCollector& collector : collectors) collector.observe(event);
    return true;
  }));
  for (UnitCollector& collector : collectors) {
    HANDSEL_ASSIGN(PlannedWeek week, measured_week(collector, plan.comparison, request.share));
    plan.weeks.push_back(week);
  }
  extrapolate(request.weeks, plan.weeks);
  for (std::size_t i = 0; i < plan.weeks.size(); ++i) {
    PlannedWeek& week = plan.weeks[i];
    week.weeks = i + 1;
    HANDSEL_TRY(add_power(request, week));
    if (!plan.enough && week.detectable <= request.change) plan.enough = week.weeks;
  }
  if (!(plan.weeks.back().mean > 0) || !(plan.weeks.back().deviation > 0)) {
    return fail(Code::kInvalidData,
                "'{}' was 0 or the same for everybody in the last weeks; no change of it can be planned",
                request.metric);
  }
  return plan;
}

}  // namespace handsel::experiments

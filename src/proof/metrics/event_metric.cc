#include "proof/metrics/event_metric.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/core/edit_distance.h"

namespace handsel::experiments {
namespace {

// An exposure is no deed of the unit's: counting it would count the experiment itself.
using events::EventKind;
constexpr std::array kCountable = {
    EventKind::kSearch, EventKind::kImpression, EventKind::kClick, EventKind::kView,   EventKind::kFavourite,
    EventKind::kCart,   EventKind::kPurchase,   EventKind::kDwell, EventKind::kReport, EventKind::kHide};

constexpr std::string_view kDefaults = R"(# What is measured, where DIR/metrics.toml does not say otherwise.
# currency = "EUR"          # count prices in this currency alone

[[metric]]
name = "searches"
events = ["search"]

[[metric]]
name = "search.clicks"      # the mediator of most products: what they take from the search
events = ["click"]
surface = ["search"]

[[metric]]
name = "recommendation.clicks"
events = ["click"]
surface = ["recommendation", "recommendations", "recs", "home", "similar"]

[[metric]]
name = "clicks"
events = ["click"]

[[metric]]
name = "carts"
events = ["cart"]

[[metric]]
name = "favourites"
events = ["favourite"]

[[metric]]
name = "orders"
events = ["purchase"]

[[metric]]
name = "conversion"
events = ["purchase"]
value = "any"               # the share of units that did it

[[metric]]
name = "gms"
events = ["purchase"]
value = "revenue"

[[metric]]
name = "gms.winsorised"     # one large order does not decide
events = ["purchase"]
value = "revenue"
winsorise = 0.99

[[metric]]
name = "gms.capped"         # one dear purchase counts as 100: what small experiments can tell
events = ["purchase"]
value = "revenue"
at_most = 100

[[metric]]
name = "click-through"
ratio = ["search.clicks", "searches"]

[[metric]]
name = "order-value"
ratio = ["gms", "orders"]

[[metric]]
name = "sessions"
value = "sessions"          # events of all kinds

[[metric]]
name = "retention"
value = "retention"         # back after a day or more, within a week
window_days = 7

[[metric]]
name = "dwell"
events = ["dwell"]
value = "dwell"

[[metric]]
name = "reports"
events = ["report", "hide"]
better = "less"
)";

// "; did you mean 'gms'?", where one name is near.
std::string suggestion(const MetricsFile& file, std::string_view name) {
  if (name.size() > kMetricNameBytesMax) return "";
  std::size_t best = std::max<std::size_t>(2, name.size() / 3) + 1;  // a third of the letters may be wrong
  std::string nearest;
  for (const EventMetric& metric : file.metrics) {
    const std::size_t distance = edit_distance(name, metric.name);
    if (distance < best) {
      best = distance;
      nearest = metric.name;
    }
  }
  return nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest);
}

}  // namespace

bool EventMetric::counts(const events::Event& event) const {
  if (event.kind == EventKind::kExposure) return false;
  if (!kinds.empty() && std::ranges::find(kinds, event.kind) == kinds.end()) return false;
  if (!surfaces.empty() && std::ranges::find(surfaces, event.surface) == surfaces.end()) return false;
  return places == 0 || (event.position && *event.position >= 0 && *event.position < places);
}

const EventMetric* MetricsFile::find(std::string_view name) const {
  const auto found = std::ranges::find(metrics, name, &EventMetric::name);
  return found == metrics.end() ? nullptr : &*found;
}

std::string_view default_metrics_toml() {
  return kDefaults;
}

Metric comparison_of(const EventMetric& metric) {
  Metric out{.name = metric.name, .column = metric.name};
  if (metric.is_ratio()) {
    out.kind = MetricKind::kRatio;
    out.column = metric.above;
    out.below = metric.below;
  } else if (metric.quantile > 0) {
    out.kind = MetricKind::kQuantile;
    out.quantile = metric.quantile;
  } else if (metric.winsorise > 0) {
    out.kind = MetricKind::kWinsorised;
    out.quantile = metric.winsorise;
  } else if (metric.value == UnitValue::kAny || metric.value == UnitValue::kRetention) {
    out.kind = MetricKind::kProportion;
  }
  return out;
}

Result<MetricChoice> choose_metrics(const MetricsFile& file, std::span<const std::string> words) {
  MetricChoice out;
  const auto collect = [&](const std::string& name) -> Result<void> {
    const EventMetric* metric = file.find(name);
    if (metric == nullptr || metric->is_ratio()) {
      return fail(Code::kNotFound, "there is no metric '{}'{}; 'handsel experiment metrics' lists what there is", name,
                  metric != nullptr ? " of single units" : suggestion(file, name));
    }
    if (std::ranges::find(out.collected, name, &EventMetric::name) == out.collected.end()) {
      out.collected.push_back(*metric);
    }
    return {};
  };
  for (const std::string& word : words) {
    Metric comparison;
    if (const EventMetric* metric = file.find(word)) {
      comparison = comparison_of(*metric);
    } else {
      HANDSEL_ASSIGN(comparison, parse_metric(word));
    }
    HANDSEL_TRY(collect(comparison.column));
    if (!comparison.below.empty()) HANDSEL_TRY(collect(comparison.below));
    if (std::ranges::find(out.comparisons, comparison.name, &Metric::name) != out.comparisons.end()) {
      return fail(Code::kInvalidArgument, "metric '{}' is asked for twice", comparison.name);
    }
    out.comparisons.push_back(std::move(comparison));
  }
  return out;
}

Result<std::vector<EventMetric>> funnel_metrics(const MetricsFile& file, std::span<const std::string> names) {
  std::vector<EventMetric> out;
  for (const std::string& name : names) {
    const EventMetric* metric = file.find(name);
    if (metric == nullptr) {
      return fail(Code::kNotFound,
                  "--funnel: there is no metric '{}'{}; 'handsel experiment metrics' lists what there is", name,
                  suggestion(file, name));
    }
    if (metric->is_ratio()) {
      return fail(Code::kInvalidArgument, "--funnel: '{}' is a ratio, which no single unit reaches; steps are counted",
                  name);
    }
    out.push_back(*metric);
  }
  return out;
}

std::vector<std::string> usual_funnel(const MetricsFile& file) {
  std::vector<std::string> out;
  for (const char* name : {"searches", "clicks", "carts", "orders"}) {
    const EventMetric* metric = file.find(name);
    if (metric != nullptr && !metric->is_ratio()) out.emplace_back(name);
  }
  if (out.size() < 2) out.clear();
  return out;
}

std::optional<EventKind> countable_kind(std::string_view name) {
  const auto found = std::ranges::find_if(kCountable, [&](EventKind kind) { return name == event_kind_name(kind); });
  if (found == kCountable.end()) return std::nullopt;
  return *found;
}

}  // namespace handsel::experiments

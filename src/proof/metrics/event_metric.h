// What is measured, defined once in a file, from events: DIR/metrics.toml.
//
// A metric gives every unit a value from the unit's own events, within `window` of its first exposure; and, from the
// events before that exposure, the same value as a covariate. default_metrics_toml() is what holds where there is no
// file, and at the same time the example of every key. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "facts/events/event.h"
#include "proof/metrics/metric.h"

namespace handsel::experiments {

inline constexpr std::size_t kMetricsFileBytesMax = std::size_t{1} << 20;
inline constexpr std::size_t kEventMetricsMax = 200;
inline constexpr std::size_t kMetricNameBytesMax = 100;
inline constexpr std::size_t kSurfacesMax = 50;
inline constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
inline constexpr std::int64_t kWindowDaysMax = 3660;

// What a unit's value is made of.
enum class UnitValue : std::uint8_t {
  kCount,      // how many events
  kAny,        // 1 where there was one, else 0
  kRevenue,    // price times quantity, in units of the currency (100 cents)
  kQuantity,   // pieces
  kDwell,      // seconds on listings' pages
  kSessions,   // unlike sessions
  kRetention,  // 1 where there was an event a day or more after the first exposure, and within the window; else 0
};

struct EventMetric {
  std::string name;
  UnitValue value = UnitValue::kCount;
  std::vector<events::EventKind> kinds;  // empty: a ratio, or events of all kinds
  std::vector<std::string> surfaces;     // empty: all
  std::int32_t places = 0;               // only where the position is among the first so many; 0: all
  std::string above;                     // of a ratio: names of two other metrics
  std::string below;
  double quantile = 0;         // not 0: this quantile of the units' values instead of their mean
  double winsorise = 0;        // not 0: values above this quantile of all units are pulled back to it
  double at_most = 0;          // not 0: one event counts with at most this, in the value's units
  std::int64_t window_ms = 0;  // since the first exposure; 0: as long as the log goes
  bool more_is_better = true;
  std::optional<double> guard;  // the worst relative change that is tolerable, as a share: 0.02

  bool is_ratio() const { return !above.empty(); }
  // Whether an event counts, whoever's it is and whenever it was.
  bool counts(const events::Event& event) const;
};

struct MetricsFile {
  // Only prices in this currency count, and others are counted as left out. Empty: all prices have to be in one
  // currency.
  std::string currency;
  std::vector<EventMetric> metrics;

  const EventMetric* find(std::string_view name) const;  // null where there is none
};

// kInvalidData names file and line, or the metric and the key, and says what is wrong; unknown keys are wrong.
Result<MetricsFile> parse_metrics(std::string_view toml, std::string_view file_name);

std::string_view default_metrics_toml();

// How the units' values are compared (metric.h); the columns are called as the metrics.
Metric comparison_of(const EventMetric& metric);

// What an analysis compares, and the metrics without ratios whose columns that needs.
struct MetricChoice {
  std::vector<Metric> comparisons;
  std::vector<EventMetric> collected;
};
// By name, or written about such names as in metric.h: "clicks/searches", "quantile:dwell:0.9". kNotFound: a name that
// the file does not have, with the nearest that it has.
Result<MetricChoice> choose_metrics(const MetricsFile& file, std::span<const std::string> words);

// A funnel's steps in order: a unit is at a step where the metric's value is above 0. kNotFound as above;
// kInvalidArgument: a ratio, which no single unit reaches.
Result<std::vector<EventMetric>> funnel_metrics(const MetricsFile& file, std::span<const std::string> names);

// searches, clicks, carts and orders, those that the file has and counts; where that is only one, none.
std::vector<std::string> usual_funnel(const MetricsFile& file);

// The kind of that name that a metric may count; nothing for other words.
std::optional<events::EventKind> countable_kind(std::string_view name);

}  // namespace handsel::experiments

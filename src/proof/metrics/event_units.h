// What each unit of an experiment did, from the event log: two passes, whatever the order of the events.
//
// The first pass finds each unit's first exposure and its variant, the second adds up what the unit did after it
// (within the metric's window) and before it (the pre-period: covariates for CUPED, and the check that the arms were
// alike). Sums are of whole numbers, so the table is the same to the bit for the same events in any order. Units that
// were never exposed are out; a unit that met two variants has a row in each, and the analysis takes it out.
//
// How an event's unit is found, by the kind of unit that the experiment counts:
//   visitor  the user, else the session      user, session  that name      listing  the event's listing
//   query    the words of the search whose answer the event followed       block    the block of time (switchback)
//   shop, taxonomy   what the plan's `listing_unit` says of the event's listing: such units need one
// In a switchback a block's row has all events of the block (outside its washout), whoever's; nothing is before.
//
// What is recent: a unit exposed an hour ago counts with that hour, in every arm alike; a retention is missing for
// units that were exposed less than its window ago.
//
// Memory: 16 bytes a metric and unit, some 100 a unit; 8 a session where sessions are counted, 32 a search where
// queries are units. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/core/result.h"
#include "proof/assignment/experiment.h"
#include "proof/metrics/event_metric.h"
#include "proof/metrics/unit_table.h"

namespace handsel::experiments {

inline constexpr std::size_t kUnitsMax = 50'000'000;
inline constexpr std::size_t kSessionsMax = 100'000'000;
inline constexpr std::size_t kSearchesMax = 50'000'000;
inline constexpr std::size_t kNoveltyDaysMax = 60;
inline constexpr std::size_t kExposureSurfacesMax = 30;  // further ones are "other"
inline constexpr std::string_view kAnyCurrency = "any";  // add prices up as if they were in one

// Columns of the table besides those of the metrics.
inline constexpr std::string_view kUnitColumn = "unit";
inline constexpr std::string_view kVariantColumn = "variant";
inline constexpr std::string_view kNewnessColumn = "newness";  // "new", "returning": anything in the pre-period?
inline constexpr std::string_view kHourColumn = "hour";        // of the first exposure, UTC: "00-06", ...
inline constexpr std::string_view kSurfaceColumn = "surface";  // of the first exposure
inline constexpr std::string_view kDayColumn = "day";          // of the first exposure, the experiment's first is 0
std::string before_column(std::string_view metric);
std::string novelty_column(std::string_view metric, std::size_t day);

struct CollectPlan {
  // Empty: for planning. A unit is then taken in with its first event since `from_ms`, into the only variant.
  std::string experiment;
  std::vector<std::string> variants;  // the control first; others are left out and counted
  std::string unit = "visitor";
  std::optional<assignment::Switchback> switchback;  // then blocks are units
  // The unit's name of the words of a search, where units are queries; empty: the words themselves.
  std::function<std::string(std::string_view)> query_unit;
  // The unit's name of a listing's id, where units are shops or places in the taxonomy; empty: it has none.
  std::function<std::string(std::string_view)> listing_unit;
  std::vector<EventMetric> metrics;                               // without ratios
  std::string currency;                                           // as in MetricsFile
  std::int64_t from_ms = 0;                                       // units first exposed before are out
  std::int64_t to_ms = std::numeric_limits<std::int64_t>::max();  // nothing since then counts
  std::int64_t before_ms = 28 * kDayMs;                           // the pre-period; 0: none
  std::string novelty;                                            // a metric, also by day since exposure
  std::size_t novelty_days = 0;
};

struct CollectedUnits {
  UnitTable table;
  std::uint64_t exposures = 0;
  std::uint64_t units = 0;
  std::uint64_t units_with_events = 0;  // after their exposure
  std::uint64_t units_earlier = 0;      // left out: exposed before from_ms
  std::uint64_t other_variants = 0;     // exposures to variants that the plan does not name
  std::uint64_t other_currency = 0;     // priced events in another currency than the plan's
  std::int64_t first_ms = 0;            // of the units' exposures
  std::int64_t last_ms = 0;
  std::int64_t end_ms = 0;  // the newest event that was looked at
};

// Hands every event to the visitor; called once for each pass.
using EventVisitor = std::function<bool(const events::Event&)>;
using EventPass = std::function<Result<void>(const EventVisitor&)>;

// kInvalidArgument: an unknown kind of unit. kNotFound: no exposures. kInvalidData: prices in several currencies, or
// no event belongs to any unit. kTooLarge: the limits above.
Result<CollectedUnits> collect_units(const EventPass& pass, const CollectPlan& plan);

// The two passes, one event at a time, for callers that collect several things at once. note() all events, then
// begin(), then observe() all events again, then finish().
class UnitCollector {
 public:
  static Result<UnitCollector> make(CollectPlan plan);

  void note(const events::Event& event);
  Result<void> begin();
  void observe(const events::Event& event);
  Result<CollectedUnits> finish();

 private:
  enum class Kind : std::uint8_t { kVisitor, kUser, kSession, kQuery, kListing, kListingGroup, kBlock };
  struct Row {
    std::int64_t first_ms = 0;
    std::uint16_t arm = 0;
    std::uint16_t second_arm = 0;  // not `arm`: the unit met two
    std::uint16_t surface = 0;
    bool acted = false;
    bool acted_before = false;
  };
  // One number for each unit: what `metric` counts from `low_ms` to below `high_ms` after the exposure.
  struct Column {
    std::string name;
    EventMetric metric;
    std::int64_t low_ms = 0;
    std::int64_t high_ms = 0;
    std::int64_t ripe_ms = 0;  // missing for units that were exposed less than so long ago
    std::vector<std::int64_t> sums;
  };

  explicit UnitCollector(CollectPlan plan) : plan_(std::move(plan)) {}
  static std::optional<Kind> kind_of(std::string_view word);
  void add_columns();
  // The hash of the name of the unit that an event belongs to; nothing where it has none.
  std::uint64_t query_hash(const std::string& words) const;
  std::optional<std::uint64_t> unit_of(const events::Event& event) const;
  void expose(std::uint64_t unit, std::int64_t time_ms, std::uint16_t arm, const std::string& surface);
  std::uint16_t surface_code(const std::string& surface);
  void count(Column& column, std::size_t row, const events::Event& event);
  void fill_words(const std::vector<std::uint32_t>& rows, UnitTable& table) const;
  void fill_numbers(const std::vector<std::uint32_t>& rows, UnitTable& table) const;

  CollectPlan plan_;
  Kind kind_ = Kind::kVisitor;
  bool is_full_ = false;  // a limit was met
  std::unordered_map<std::uint64_t, std::uint32_t> row_of_unit_;
  std::vector<Row> rows_;
  std::vector<Column> columns_;
  std::vector<std::string> surfaces_;
  std::unordered_map<std::uint64_t, std::uint64_t> unit_of_query_;  // by hash of the query_id
  std::unordered_set<std::uint64_t> sessions_;
  std::set<std::string> currencies_;
  CollectedUnits out_;
};

}  // namespace handsel::experiments

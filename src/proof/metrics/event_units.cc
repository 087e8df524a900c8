#include "proof/metrics/event_units.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/core/hash.h"

namespace handsel::experiments {
namespace {

using events::Event;
using events::EventKind;

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();
constexpr std::array<std::string_view, 4> kQuarters = {"00-06", "06-12", "12-18", "18-24"};

std::int64_t saturated(std::int64_t a, std::int64_t b, bool multiplies) {
  std::int64_t out = 0;
  const bool over = multiplies ? __builtin_mul_overflow(a, b, &out) : __builtin_add_overflow(a, b, &out);
  return over ? ((a < 0) != (multiplies && b < 0) ? std::numeric_limits<std::int64_t>::min() : kForever) : out;
}

double scale_of(UnitValue value) {
  if (value == UnitValue::kRevenue) return 100;
  if (value == UnitValue::kDwell) return 1000;
  return 1;
}

std::int64_t whole_amount_of(UnitValue value, const Event& event) {
  switch (value) {
    case UnitValue::kRevenue:
      return saturated(event.price_cents.value_or(0), event.quantity, true);
    case UnitValue::kQuantity:
      return event.quantity;
    case UnitValue::kDwell:
      return event.dwell_ms;
    default:
      return 1;
  }
}

// What one event adds, where it counts; sessions are counted apart.
std::int64_t amount_of(const EventMetric& metric, const Event& event) {
  const std::int64_t amount = whole_amount_of(metric.value, event);
  if (metric.at_most == 0) return amount;
  return std::min(amount, static_cast<std::int64_t>(std::llround(metric.at_most * scale_of(metric.value))));
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace

std::string before_column(std::string_view metric) {
  return fmt::format("earlier {}", metric);
}

std::string novelty_column(std::string_view metric, std::size_t day) {
  return fmt::format("{} on day {}", metric, day);
}

std::optional<UnitCollector::Kind> UnitCollector::kind_of(std::string_view word) {
  struct Word {
    std::string_view word;
    Kind kind;
  };
  constexpr std::array kWords = {Word{"visitor", Kind::kVisitor},      Word{"user", Kind::kUser},
                                 Word{"session", Kind::kSession},      Word{"query", Kind::kQuery},
                                 Word{"listing", Kind::kListing},      Word{"shop", Kind::kListingGroup},
                                 Word{"taxonomy", Kind::kListingGroup}};
  const auto found = std::ranges::find(kWords, word, &Word::word);
  if (found == kWords.end()) return std::nullopt;
  return found->kind;
}

Result<UnitCollector> UnitCollector::make(CollectPlan plan) {
  UnitCollector out(std::move(plan));
  const CollectPlan& p = out.plan_;
  if (p.switchback) {
    out.kind_ = Kind::kBlock;
  } else if (const auto kind = kind_of(p.unit)) {
    out.kind_ = *kind;
  } else {
    return fail(Code::kInvalidArgument,
                "units of kind '{}' cannot be found in events; visitor, user, session, query, listing, shop, taxonomy "
                "and blocks of time can",
                p.unit);
  }
  if (out.kind_ == Kind::kListingGroup && !p.listing_unit) {
    return fail(Code::kInvalidArgument, "units of kind '{}' need the catalogue, which is not at hand here", p.unit);
  }
  if (p.variants.empty() || p.metrics.empty() || p.metrics.size() > kEventMetricsMax) {
    return fail(Code::kInvalidArgument, "collecting needs variants, and 1 to {} metrics", kEventMetricsMax);
  }
  if (p.before_ms < 0 || p.before_ms > kWindowDaysMax * kDayMs || p.novelty_days > kNoveltyDaysMax) {
    return fail(Code::kInvalidArgument, "the pre-period has up to {} days, novelty {}", kWindowDaysMax,
                kNoveltyDaysMax);
  }
  out.add_columns();
  return out;
}

void UnitCollector::add_columns() {
  const bool is_block = kind_ == Kind::kBlock;
  for (const EventMetric& metric : plan_.metrics) {
    const std::int64_t end = metric.window_ms == 0 || is_block ? kForever : metric.window_ms;
    const bool comes_back = metric.value == UnitValue::kRetention;
    columns_.push_back({.name = metric.name,
                        .metric = metric,
                        .low_ms = comes_back && !is_block ? kDayMs : 0,
                        .high_ms = end,
                        .ripe_ms = comes_back && !is_block ? metric.window_ms : 0,
                        .sums = {}});
    if (is_block || plan_.before_ms == 0) continue;
    columns_.push_back({.name = before_column(metric.name),
                        .metric = metric,
                        .low_ms = -plan_.before_ms,
                        .high_ms = 0,
                        .ripe_ms = 0,
                        .sums = {}});
  }
  const auto novel = std::ranges::find(plan_.metrics, plan_.novelty, &EventMetric::name);
  if (novel == plan_.metrics.end() || is_block) return;
  for (std::size_t day = 0; day < plan_.novelty_days; ++day) {
    const auto begin = static_cast<std::int64_t>(day) * kDayMs;
    columns_.push_back({.name = novelty_column(plan_.novelty, day),
                        .metric = *novel,
                        .low_ms = begin,
                        .high_ms = begin + kDayMs,
                        .ripe_ms = begin + kDayMs,
                        .sums = {}});
  }
}

std::uint64_t UnitCollector::query_hash(const std::string& words) const {
  return hash64(plan_.query_unit ? plan_.query_unit(words) : words);
}

std::optional<std::uint64_t> UnitCollector::unit_of(const Event& event) const {
  const auto named = [](const std::string& name) -> std::optional<std::uint64_t> {
    if (name.empty()) return std::nullopt;
    return hash64(name);
  };
  switch (kind_) {
    case Kind::kVisitor:
      return named(event.user_id.empty() ? event.session_id : event.user_id);
    case Kind::kUser:
      return named(event.user_id);
    case Kind::kSession:
      return named(event.session_id);
    case Kind::kListing:
      return named(event.listing_id);
    case Kind::kListingGroup:
      return event.listing_id.empty() ? std::nullopt : named(plan_.listing_unit(event.listing_id));
    case Kind::kQuery: {
      if (!event.query.empty()) return query_hash(event.query);
      const auto found = unit_of_query_.find(hash64(event.query_id));
      if (found == unit_of_query_.end()) return std::nullopt;
      return found->second;
    }
    case Kind::kBlock: {
      const auto block = assignment::block_of(*plan_.switchback, event.time_ms);
      if (!block) return std::nullopt;
      return hash64(fmt::format("{}", *block));
    }
  }
  return std::nullopt;
}

std::uint16_t UnitCollector::surface_code(const std::string& surface) {
  const auto found = std::ranges::find(surfaces_, surface);
  if (found != surfaces_.end()) return static_cast<std::uint16_t>(found - surfaces_.begin());
  if (surfaces_.size() >= kExposureSurfacesMax) return surface == "other" ? 0 : surface_code("other");
  surfaces_.push_back(surface);
  return static_cast<std::uint16_t>(surfaces_.size() - 1);
}

void UnitCollector::expose(std::uint64_t unit, std::int64_t time_ms, std::uint16_t arm, const std::string& surface) {
  const auto [entry, is_new] = row_of_unit_.try_emplace(unit, static_cast<std::uint32_t>(rows_.size()));
  if (is_new) {
    if (rows_.size() >= kUnitsMax) {
      is_full_ = true;
      row_of_unit_.erase(entry);
      return;
    }
    rows_.push_back({.first_ms = time_ms, .arm = arm, .second_arm = arm, .surface = surface_code(surface)});
    return;
  }
  Row& row = rows_[entry->second];
  if (arm != row.arm) {  // of several, the two lowest: the same whatever came first
    if (row.arm == row.second_arm) {
      row.second_arm = std::max(arm, row.arm);
      row.arm = std::min(arm, row.arm);
    } else if (arm < row.second_arm) {
      row.second_arm = std::max(arm, row.arm);
      row.arm = std::min(arm, row.arm);
    }
  }
  const bool is_earlier = time_ms < row.first_ms;
  if (is_earlier || (time_ms == row.first_ms && surface < surfaces_[row.surface])) row.surface = surface_code(surface);
  row.first_ms = std::min(row.first_ms, time_ms);
}

void UnitCollector::note(const Event& event) {
  if (event.time_ms >= plan_.to_ms) return;
  out_.end_ms = std::max(out_.end_ms, event.time_ms);
  if (kind_ == Kind::kQuery && event.kind == EventKind::kSearch && !event.query.empty() && !event.query_id.empty()) {
    if (unit_of_query_.size() >= kSearchesMax) {
      is_full_ = true;
    } else {
      unit_of_query_.try_emplace(hash64(event.query_id), query_hash(event.query));
    }
  }
  if (plan_.experiment.empty()) {
    if (event.kind == EventKind::kExposure || event.time_ms < plan_.from_ms) return;
    if (const auto unit = unit_of(event)) expose(*unit, event.time_ms, 0, event.surface);
    return;
  }
  if (event.kind != EventKind::kExposure || event.experiment != plan_.experiment) return;
  ++out_.exposures;
  const auto arm = std::ranges::find(plan_.variants, event.variant);
  if (arm == plan_.variants.end()) {
    ++out_.other_variants;
    return;
  }
  expose(hash64(event.unit), event.time_ms, static_cast<std::uint16_t>(arm - plan_.variants.begin()), event.surface);
}

Result<void> UnitCollector::begin() {
  if (is_full_) {
    return fail(Code::kTooLarge, "there are more than {} units, or {} searches; look at a shorter time", kUnitsMax,
                kSearchesMax);
  }
  if (rows_.size() * columns_.size() > kCellsMax) {
    return fail(Code::kTooLarge, "{} units with {} numbers each are more than {} numbers; ask for fewer metrics",
                rows_.size(), columns_.size(), kCellsMax);
  }
  for (Column& column : columns_) column.sums.assign(rows_.size(), 0);
  return {};
}

void UnitCollector::count(Column& column, std::size_t row, const Event& event) {
  const EventMetric& metric = column.metric;
  if (!metric.counts(event)) return;
  std::int64_t& sum = column.sums[row];
  if (metric.value == UnitValue::kRevenue && event.price_cents && plan_.currency != kAnyCurrency) {
    if (plan_.currency.empty()) {
      if (!event.currency.empty() && currencies_.size() < kSurfacesMax) currencies_.insert(event.currency);
    } else if (!event.currency.empty() && event.currency != plan_.currency) {
      out_.other_currency += column.low_ms >= 0 ? 1 : 0;
      return;
    }
  }
  if (metric.value == UnitValue::kAny || metric.value == UnitValue::kRetention) {
    sum = 1;
  } else if (metric.value == UnitValue::kSessions) {
    if (event.session_id.empty()) return;
    if (sessions_.size() >= kSessionsMax) {
      is_full_ = true;
      return;
    }
    const auto number = static_cast<std::uint64_t>(&column - columns_.data());
    if (sessions_.insert(hash64(event.session_id, mix64(mix64(row + 1) + number))).second) ++sum;
  } else {
    sum = saturated(sum, amount_of(metric, event), false);
  }
}

void UnitCollector::observe(const Event& event) {
  if (event.kind == EventKind::kExposure || event.time_ms >= plan_.to_ms) return;
  const auto unit = unit_of(event);
  if (!unit) return;
  const auto found = row_of_unit_.find(*unit);
  if (found == row_of_unit_.end()) return;
  Row& row = rows_[found->second];
  const std::int64_t since = kind_ == Kind::kBlock ? 0 : event.time_ms - row.first_ms;
  if (since >= 0) row.acted = true;
  if (since < 0 && since >= -plan_.before_ms) row.acted_before = true;
  for (Column& column : columns_) {
    if (since >= column.low_ms && since < column.high_ms) count(column, found->second, event);
  }
}

void UnitCollector::fill_words(const std::vector<std::uint32_t>& rows, UnitTable& table) const {
  // A unit in two arms stands in `rows` twice, one after the other.
  const auto is_second = [&](std::size_t i) { return i > 0 && rows[i] == rows[i - 1]; };
  WordColumn unit{.name = std::string(kUnitColumn), .codes = {}, .labels = {}};
  WordColumn variant{.name = std::string(kVariantColumn), .codes = {}, .labels = plan_.variants};
  WordColumn newness{.name = std::string(kNewnessColumn), .codes = {}, .labels = {"new", "returning"}};
  WordColumn hour{.name = std::string(kHourColumn), .codes = {}, .labels = {kQuarters.begin(), kQuarters.end()}};
  WordColumn surface{.name = std::string(kSurfaceColumn), .codes = {}, .labels = surfaces_};
  std::ranges::sort(surface.labels);
  std::vector<std::uint32_t> sorted_code;
  for (const std::string& label : surfaces_) {
    sorted_code.push_back(
        static_cast<std::uint32_t>(std::ranges::find(surface.labels, label) - surface.labels.begin()));
  }
  if (!surface.labels.empty() && surface.labels.front().empty()) surface.labels.front() = "(none)";
  std::uint32_t units = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows_[rows[i]];
    if (!is_second(i)) ++units;
    unit.codes.push_back(units - 1);
    variant.codes.push_back(is_second(i) ? row.second_arm : row.arm);
    newness.codes.push_back(row.acted_before ? 1 : 0);
    const std::int64_t of_day = row.first_ms - floor_div(row.first_ms, kDayMs) * kDayMs;
    hour.codes.push_back(static_cast<std::uint32_t>(of_day / (kDayMs / 4)));
    surface.codes.push_back(sorted_code[row.surface]);
  }
  unit.labels.resize(units);  // nobody reads their names
  table.words = {std::move(unit), std::move(variant), std::move(newness), std::move(hour), std::move(surface)};
}

void UnitCollector::fill_numbers(const std::vector<std::uint32_t>& rows, UnitTable& table) const {
  for (const Column& column : columns_) {
    NumberColumn to{.name = column.name, .values = {}};
    const double scale = scale_of(column.metric.value);
    to.values.reserve(rows.size());
    for (const std::uint32_t row : rows) {
      const bool is_ripe = out_.end_ms - rows_[row].first_ms >= column.ripe_ms;
      to.values.push_back(is_ripe ? static_cast<double>(column.sums[row]) / scale
                                  : std::numeric_limits<double>::quiet_NaN());
    }
    table.numbers.push_back(std::move(to));
  }
  NumberColumn day{.name = std::string(kDayColumn), .values = {}};
  for (const std::uint32_t row : rows) {
    day.values.push_back(static_cast<double>(floor_div(rows_[row].first_ms - out_.first_ms, kDayMs)));
  }
  table.numbers.push_back(std::move(day));
}

Result<CollectedUnits> UnitCollector::finish() {
  if (is_full_) return fail(Code::kTooLarge, "there are more than {} sessions to count", kSessionsMax);
  if (currencies_.size() > 1) {
    return fail(Code::kInvalidData,
                "prices are in {}; say which counts (currency = \"{}\", or --currency), or 'any' to add them up as "
                "they are",
                fmt::join(currencies_, ", "), *currencies_.begin());
  }
  if (rows_.empty()) {
    if (plan_.experiment.empty()) return fail(Code::kNotFound, "no event has a unit of kind '{}'", plan_.unit);
    if (out_.other_variants > 0) {
      return fail(Code::kNotFound, "the {} exposures of '{}' are to none of its variants ({})", out_.other_variants,
                  plan_.experiment, fmt::join(plan_.variants, ", "));
    }
    return fail(Code::kNotFound, "'{}' has no exposures yet: nobody met one of its variants", plan_.experiment);
  }
  // In the order of time, then of arms and hashes' values: the same for the same events in any order.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order(row_of_unit_.begin(), row_of_unit_.end());
  std::ranges::sort(order, {}, [&](const auto& entry) { return std::pair(rows_[entry.second].first_ms, entry.first); });
  std::vector<std::uint32_t> rows;
  for (const auto& [unit, row] : order) {
    if (rows_[row].first_ms < plan_.from_ms) {
      ++out_.units_earlier;
      continue;
    }
    if (rows.empty()) out_.first_ms = rows_[row].first_ms;
    out_.last_ms = rows_[row].first_ms;
    ++out_.units;
    out_.units_with_events += rows_[row].acted ? 1 : 0;
    rows.push_back(row);
    if (rows_[row].second_arm != rows_[row].arm) rows.push_back(row);
  }
  if (rows.empty()) return fail(Code::kNotFound, "'{}' was first met by nobody in that time", plan_.experiment);
  if (out_.units_with_events == 0) {
    return fail(Code::kInvalidData,
                "no event belongs to any of the {} units; does '{}' really count units of kind '{}'?", out_.units,
                plan_.experiment, plan_.switchback ? "block" : plan_.unit);
  }
  out_.table.rows = rows.size();
  fill_words(rows, out_.table);
  fill_numbers(rows, out_.table);
  return std::move(out_);
}

Result<CollectedUnits> collect_units(const EventPass& pass, const CollectPlan& plan) {
  HANDSEL_ASSIGN(UnitCollector collector, UnitCollector::make(plan));
  HANDSEL_TRY(pass([&](const Event& event) {
    collector.note(event);
    return true;
  }));
  HANDSEL_TRY(collector.begin());
  HANDSEL_TRY(pass([&](const Event& event) {
    collector.observe(event);
    return true;
  }));
  return collector.finish();
}

}  // namespace handsel::experiments

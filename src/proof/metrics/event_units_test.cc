#include "proof/metrics/event_units.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::experiments {
namespace {

using events::Event;
using events::EventKind;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kStart = 1'790'000'000'000;

EventPass pass_over(const std::vector<Event>& log) {
  return [&log](const EventVisitor& visit) -> Result<void> {
    for (const Event& event : log)
      if (!visit(event)) break;
    return {};
  };
}

Event exposure(std::string unit, std::string variant, std::int64_t time_ms) {
  return {.kind = EventKind::kExposure,
          .time_ms = time_ms,
          .experiment = "rail",
          .variant = std::move(variant),
          .unit = std::move(unit)};
}

Event click(std::string user, std::int64_t time_ms) {
  return {.kind = EventKind::kClick, .time_ms = time_ms, .user_id = std::move(user), .listing_id = "L1"};
}

CollectPlan plan_of(std::vector<EventMetric> metrics) {
  return {.experiment = "rail", .variants = {"control", "new"}, .switchback = {}, .metrics = std::move(metrics)};
}

std::vector<EventMetric> every_value() {
  std::vector<EventMetric> metrics = parse_metrics(default_metrics_toml(), "defaults")->metrics;
  std::erase_if(metrics, &EventMetric::is_ratio);
  metrics.push_back({.name = "week", .kinds = {EventKind::kClick}, .window_ms = 7 * kDayMs});
  metrics.push_back({.name = "pieces", .value = UnitValue::kQuantity, .kinds = {EventKind::kPurchase}});
  metrics.push_back({.name = "top", .kinds = {EventKind::kClick}, .places = 2});
  return metrics;
}

std::vector<Event> random_log(std::uint64_t seed, std::string_view unit) {
  Rng rng(seed);
  std::vector<Event> log;
  const auto when = [&] {
    return kStart + static_cast<std::int64_t>(rng.below(50)) * kDayMs + 1000 * static_cast<std::int64_t>(rng.below(9));
  };
  for (int i = 0; i < 900; ++i) {
    const auto person = rng.below(40);
    Event event{.id = std::to_string(i),
                .kind = static_cast<EventKind>(rng.below(static_cast<std::uint64_t>(EventKind::kExposure))),
                .time_ms = when(),
                .user_id = rng.chance(0.7) ? fmt::format("u{}", person) : "",
                .session_id = fmt::format("s{}-{}", person, rng.below(3)),
                .listing_id = "L1",
                .surface = rng.chance(0.5) ? "search" : "home",
                .position = static_cast<std::int32_t>(rng.below(4)),
                .quantity = static_cast<std::int64_t>(1 + rng.below(3)),
                .price_cents = static_cast<std::int64_t>(rng.below(10'000)),
                .currency = rng.chance(0.9) ? "EUR" : "USD",
                .dwell_ms = static_cast<std::int64_t>(rng.below(60'000))};
    if (rng.chance(0.2)) {
      Event met = exposure(unit == "session"       ? event.session_id
                           : event.user_id.empty() ? event.session_id
                                                   : event.user_id,
                           person % 2 == 0 || rng.chance(0.02) ? "control" : "new", event.time_ms);
      met.surface = event.surface;
      log.push_back(std::move(met));
    }
    log.push_back(std::move(event));
  }
  return log;
}

std::string twin_unit(const Event& event, const std::string& kind) {
  if (kind == "session" || (kind == "visitor" && event.user_id.empty())) return event.session_id;
  return event.user_id;
}

// What one unit did between two moments, by the definition of each value, event by event.
double twin_value(const std::vector<Event>& log, const CollectPlan& plan, const EventMetric& metric,
                  const std::string& unit, std::int64_t from, std::int64_t to) {
  double sum = 0;
  std::set<std::string> sessions;
  for (const Event& event : log) {
    if (event.kind == EventKind::kExposure || event.time_ms >= plan.to_ms || twin_unit(event, plan.unit) != unit)
      continue;
    if (event.time_ms < from || event.time_ms >= to || !metric.counts(event)) continue;
    const bool is_foreign = event.currency != plan.currency;
    if (metric.value == UnitValue::kRevenue && is_foreign) continue;
    sessions.insert(event.session_id);
    if (metric.value == UnitValue::kRevenue) {
      const auto cents = static_cast<double>(*event.price_cents * event.quantity);
      sum += metric.at_most > 0 ? std::min(cents, 100 * metric.at_most) : cents;
    }
    if (metric.value == UnitValue::kQuantity) sum += static_cast<double>(event.quantity);
    if (metric.value == UnitValue::kDwell) sum += static_cast<double>(event.dwell_ms);
    if (metric.value == UnitValue::kCount) sum += 1;
    if (metric.value == UnitValue::kAny || metric.value == UnitValue::kRetention) sum = 1;
  }
  if (metric.value == UnitValue::kSessions) return static_cast<double>(sessions.size());
  return sum / (metric.value == UnitValue::kRevenue ? 100 : metric.value == UnitValue::kDwell ? 1000 : 1);
}

struct TwinUnit {
  std::string name;
  std::int64_t first_ms = INT64_MAX;
  std::set<std::string> variants;
};

void check_against_twin(const std::vector<Event>& log, const CollectPlan& plan) {
  const auto collected = collect_units(pass_over(log), plan);
  ASSERT_TRUE(collected) << collected.error().message;
  std::map<std::string, TwinUnit> units;
  std::int64_t end_ms = 0;
  for (const Event& event : log) {
    if (event.time_ms >= plan.to_ms) continue;
    end_ms = std::max(end_ms, event.time_ms);
    if (event.kind != EventKind::kExposure) continue;
    TwinUnit& unit = units[event.unit];
    unit.name = event.unit;
    unit.first_ms = std::min(unit.first_ms, event.time_ms);
    unit.variants.insert(event.variant);
  }
  std::erase_if(units, [&](const auto& entry) { return entry.second.first_ms < plan.from_ms; });
  EXPECT_EQ(collected->units, units.size());
  // Rows have no names: every row of the one has to be a row of the other, whatever their order.
  using Line = std::vector<std::string>;
  std::vector<Line> expected, got;
  const auto text = [](double value) { return std::isnan(value) ? std::string("missing") : fmt::format("{}", value); };
  for (const auto& [name, unit] : units) {
    for (const std::string& variant : unit.variants) {
      Line line = {variant};
      for (const EventMetric& metric : plan.metrics) {
        const bool comes_back = metric.value == UnitValue::kRetention;
        const std::int64_t end = metric.window_ms == 0 ? INT64_MAX : unit.first_ms + metric.window_ms;
        const bool is_ripe = !comes_back || end_ms - unit.first_ms >= metric.window_ms;
        line.push_back(is_ripe
                           ? text(twin_value(log, plan, metric, name, unit.first_ms + (comes_back ? kDayMs : 0), end))
                           : "missing");
        line.push_back(text(twin_value(log, plan, metric, name, unit.first_ms - plan.before_ms, unit.first_ms)));
      }
      expected.push_back(line);
    }
  }
  const UnitTable& table = collected->table;
  const WordColumn& variant = *table.word(kVariantColumn);
  for (std::size_t row = 0; row < table.rows; ++row) {
    Line line = {variant.labels[variant.codes[row]]};
    for (const EventMetric& metric : plan.metrics) {
      line.push_back(text(table.number(metric.name)->values[row]));
      line.push_back(text(table.number(before_column(metric.name))->values[row]));
    }
    got.push_back(line);
  }
  std::ranges::sort(expected);
  std::ranges::sort(got);
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) ASSERT_EQ(got[i], expected[i]) << "line " << i;
}

TEST(EventUnits, ShopsAreUnitsByTheirListings) {
  std::vector<Event> log;
  for (const auto& [shop, variant] : {std::pair("S1", "control"), {"S2", "new"}, {"S3", "new"}}) {
    log.push_back(exposure(shop, variant, kStart));
  }
  const auto on = [&](std::string listing, std::int64_t time_ms) {
    Event event = click("u1", time_ms);
    event.listing_id = std::move(listing);
    log.push_back(std::move(event));
  };
  on("L1", kStart - 5);  // before
  on("L1", kStart + 1);
  on("L2", kStart + 2);
  on("L3", kStart + 3);
  on("unknown", kStart + 4);
  on("", kStart + 5);
  CollectPlan plan = plan_of({{.name = "clicks", .kinds = {EventKind::kClick}}});
  plan.unit = "shop";
  EXPECT_THAT(collect_units(pass_over(log), plan).error().message, HasSubstr("need the catalogue"));
  plan.listing_unit = [](std::string_view listing) -> std::string {
    if (listing == "L1" || listing == "L2") return "S1";
    return listing == "L3" ? "S2" : "";
  };
  const auto got = collect_units(pass_over(log), plan);
  ASSERT_TRUE(got) << got.error().message;
  const auto& clicks = got->table.number("clicks")->values;
  const auto& before = got->table.number(before_column("clicks"))->values;
  EXPECT_THAT(clicks, testing::UnorderedElementsAre(2, 1, 0));
  EXPECT_THAT(before, testing::UnorderedElementsAre(1, 0, 0));
  EXPECT_EQ(got->units_with_events, 2U);
}

TEST(EventUnits, AgreeWithTheObviousTwin) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CollectPlan plan = plan_of(every_value());
    plan.currency = "EUR";
    plan.unit = seed % 3 == 0 ? "session" : "visitor";
    plan.before_ms = static_cast<std::int64_t>(seed) * 3 * kDayMs;
    if (seed % 4 == 0) plan.from_ms = kStart + 10 * kDayMs;
    if (seed % 5 == 0) plan.to_ms = kStart + 40 * kDayMs;
    SCOPED_TRACE(seed);
    check_against_twin(random_log(seed, plan.unit), plan);
  }
}

TEST(EventUnits, TheOrderOfEventsDoesNotMatter) {
  std::vector<Event> log = random_log(99, "visitor");
  CollectPlan plan = plan_of(every_value());
  plan.currency = kAnyCurrency;
  plan.novelty = "clicks";
  plan.novelty_days = 3;
  const auto before = collect_units(pass_over(log), plan);
  Rng rng(5);
  for (std::size_t i = log.size(); i > 1; --i) std::swap(log[i - 1], log[rng.below(i)]);
  const auto after = collect_units(pass_over(log), plan);
  ASSERT_TRUE(before && after);
  ASSERT_EQ(before->table.rows, after->table.rows);
  for (std::size_t c = 0; c < before->table.numbers.size(); ++c) {
    const auto& a = before->table.numbers[c].values;
    const auto& b = after->table.numbers[c].values;
    EXPECT_TRUE(std::ranges::equal(a, b, [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); }))
        << before->table.numbers[c].name;
  }
  for (std::size_t c = 0; c < before->table.words.size(); ++c) {
    EXPECT_EQ(before->table.words[c].codes, after->table.words[c].codes) << before->table.words[c].name;
    EXPECT_EQ(before->table.words[c].labels, after->table.words[c].labels);
  }
}

TEST(EventUnits, OnlyWhatFollowsTheFirstExposureCounts) {
  const std::vector<Event> log = {click("a", kStart - 1),
                                  exposure("a", "new", kStart),
                                  click("a", kStart),
                                  click("a", kStart + kDayMs),
                                  exposure("a", "new", kStart + kDayMs),
                                  click("never exposed", kStart + 5),
                                  exposure("b", "control", kStart + kDayMs),
                                  click("b", kStart + kDayMs + 1)};
  CollectPlan plan = plan_of({{.name = "clicks", .kinds = {EventKind::kClick}}});
  plan.novelty = "clicks";
  plan.novelty_days = 2;
  const auto collected = collect_units(pass_over(log), plan);
  ASSERT_TRUE(collected) << collected.error().message;
  EXPECT_EQ(collected->exposures, 3U);
  EXPECT_EQ(collected->units, 2U);
  const UnitTable& table = collected->table;
  EXPECT_THAT(table.number("clicks")->values, ElementsAre(2, 1));
  EXPECT_THAT(table.number("earlier clicks")->values, ElementsAre(1, 0));
  EXPECT_THAT(table.number("day")->values, ElementsAre(0, 1));
  EXPECT_THAT(table.word("newness")->codes, ElementsAre(1, 0));
  EXPECT_EQ(table.number("clicks on day 0")->values[0], 1);
  EXPECT_TRUE(std::isnan(table.number("clicks on day 1")->values[1])) << "that day is not over";
}

TEST(EventUnits, ABlockOfTimeHasWhatEverybodyDidInIt) {
  constexpr std::int64_t kHour = 3'600'000;
  CollectPlan plan = plan_of({{.name = "clicks", .kinds = {EventKind::kClick}}});
  plan.switchback = assignment::Switchback{.block_ms = kHour, .washout_ms = 60'000};
  const std::int64_t start = kStart / kHour * kHour;
  const auto name = [&](std::int64_t at) { return std::to_string(*assignment::block_of(*plan.switchback, at)); };
  const std::vector<Event> log = {exposure(name(start + 120'000), "new", start + 120'000),
                                  exposure(name(start + kHour + 70'000), "control", start + kHour + 70'000),
                                  click("a", start + 61'000),
                                  click("b", start + 200'000),
                                  click("b", start + 30'000),  // washout
                                  click("c", start + kHour + 500'000)};
  const auto collected = collect_units(pass_over(log), plan);
  ASSERT_TRUE(collected) << collected.error().message;
  EXPECT_THAT(collected->table.number("clicks")->values, ElementsAre(2, 1));
  EXPECT_EQ(collected->table.number("earlier clicks"), nullptr);
}

TEST(EventUnits, AQuerysClicksFollowItsAnswers) {
  CollectPlan plan = plan_of({{.name = "clicks", .kinds = {EventKind::kClick}}});
  plan.unit = "query";
  plan.query_unit = [](std::string_view words) { return std::string(words == "Mug" ? "mug" : words); };
  Event search{.kind = EventKind::kSearch, .time_ms = kStart, .query_id = "q1", .query = "Mug"};
  Event after = click("a", kStart + 5);
  after.query_id = "q1";
  Event other = click("a", kStart + 6);
  other.query_id = "q2";
  const std::vector<Event> log = {after, other, search, exposure("mug", "new", kStart)};
  const auto collected = collect_units(pass_over(log), plan);
  ASSERT_TRUE(collected) << collected.error().message;
  EXPECT_THAT(collected->table.number("clicks")->values, ElementsAre(1));
}

TEST(EventUnits, PricesInTwoCurrenciesAreRefusedUntilSomebodySaysWhichCounts) {
  std::vector<Event> log = {exposure("a", "new", kStart)};
  for (const char* currency : {"EUR", "USD"}) {
    log.push_back({.kind = EventKind::kPurchase,
                   .time_ms = kStart + 1,
                   .user_id = "a",
                   .price_cents = 250,
                   .currency = currency});
  }
  CollectPlan plan = plan_of({{.name = "gms", .value = UnitValue::kRevenue, .kinds = {EventKind::kPurchase}}});
  const auto mixed = collect_units(pass_over(log), plan);
  ASSERT_FALSE(mixed);
  EXPECT_THAT(mixed.error().message, HasSubstr("prices are in EUR, USD"));
  plan.currency = "USD";
  const auto one = collect_units(pass_over(log), plan);
  EXPECT_THAT(one->table.number("gms")->values, ElementsAre(2.5));
  EXPECT_EQ(one->other_currency, 1U);
  plan.currency = kAnyCurrency;
  EXPECT_THAT(collect_units(pass_over(log), plan)->table.number("gms")->values, ElementsAre(5));
  log[1].price_cents = INT64_MAX;
  log[1].quantity = 9;
  EXPECT_NEAR(collect_units(pass_over(log), plan)->table.number("gms")->values[0], 9.2e16, 1e15)
      << "held, not turned over";
}

TEST(EventUnits, WhatCannotBeCollectedIsRefused) {
  const EventMetric clicks{.name = "clicks", .kinds = {EventKind::kClick}};
  const auto because = [&](const std::vector<Event>& log, const CollectPlan& plan) {
    const auto collected = collect_units(pass_over(log), plan);
    return collected ? std::string("nothing") : collected.error().message;
  };
  CollectPlan plan = plan_of({clicks});
  EXPECT_THAT(because({click("a", kStart)}, plan), HasSubstr("'rail' has no exposures yet"));
  EXPECT_THAT(because({exposure("a", "old", kStart)}, plan), HasSubstr("none of its variants"));
  EXPECT_THAT(because({exposure("a", "new", kStart), click("b", kStart)}, plan), HasSubstr("no event belongs to any"));
  plan.from_ms = kStart + 1;
  EXPECT_THAT(because({exposure("a", "new", kStart), click("a", kStart)}, plan), HasSubstr("first met by nobody"));
  plan = plan_of({clicks});
  plan.unit = "geo";
  EXPECT_THAT(because({}, plan), HasSubstr("units of kind 'geo' cannot be found"));
  EXPECT_THAT(because({}, plan_of({})), HasSubstr("needs variants"));
}

}  // namespace
}  // namespace handsel::experiments

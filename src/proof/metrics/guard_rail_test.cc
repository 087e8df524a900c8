#include "proof/metrics/guard_rail.h"

#include <array>
#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "proof/estimators/sequential.h"

namespace handsel::experiments {
namespace {

using events::Event;
using events::EventKind;

constexpr std::int64_t kStart = 1'790'000'000'000;

EventPass pass_over(const std::vector<Event>& log) {
  return [&log](const EventVisitor& visit) -> Result<void> {
    for (const Event& event : log)
      if (!visit(event)) break;
    return {};
  };
}

// Each unit buys, and reports something, with these chances by arm.
std::vector<Event> log_of(int units, std::array<double, 2> buys, std::array<double, 2> reports, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<Event> log;
  for (int i = 0; i < units; ++i) {
    const std::string user = "u" + std::to_string(i);
    const auto arm = static_cast<std::size_t>(i % 2);
    log.push_back({.kind = EventKind::kExposure,
                   .time_ms = kStart + i,
                   .user_id = user,
                   .experiment = "rail",
                   .variant = arm == 1 ? "new" : "control",
                   .unit = user});
    if (rng.chance(buys.at(arm))) {
      log.push_back({.kind = EventKind::kPurchase, .time_ms = kStart + i + 1, .user_id = user});
    }
    if (rng.chance(reports.at(arm))) {
      log.push_back({.kind = EventKind::kReport, .time_ms = kStart + i + 1, .user_id = user});
    }
  }
  return log;
}

GuardRequest request_of(double guard) {
  GuardRequest request;
  request.experiment = {.name = "rail", .variants = {{.name = "control"}, {.name = "new"}}};
  request.metrics_file.metrics = {
      {.name = "orders", .kinds = {EventKind::kPurchase}, .guard = guard},
      {.name = "reports", .kinds = {EventKind::kReport}, .more_is_better = false, .guard = guard},
      {.name = "unguarded", .kinds = {EventKind::kClick}}};
  return request;
}

std::vector<std::string> broken(const std::vector<Event>& log, double guard) {
  const auto states = check_guards(pass_over(log), request_of(guard));
  EXPECT_TRUE(states) << states.error().message;
  std::vector<std::string> names;
  for (const GuardState& state : *states)
    if (state.is_broken) names.push_back(state.metric);
  return names;
}

TEST(GuardRail, BreaksOnTheBadSideAlone) {
  using testing::ElementsAre;
  using testing::IsEmpty;
  EXPECT_THAT(broken(log_of(4000, {0.5, 0.3}, {0.1, 0.1}, 1), 0.02), ElementsAre("orders"));
  EXPECT_THAT(broken(log_of(4000, {0.5, 0.5}, {0.1, 0.3}, 2), 0.02), ElementsAre("reports"));
  EXPECT_THAT(broken(log_of(4000, {0.3, 0.5}, {0.3, 0.1}, 3), 0.02), IsEmpty()) << "better on both";
  EXPECT_THAT(broken(log_of(4000, {0.5, 0.3}, {0.1, 0.1}, 4), 0.6), IsEmpty()) << "as bad as that is tolerable";
  EXPECT_THAT(broken(log_of(90, {0.9, 0.0}, {0.1, 0.1}, 5), 0.02), IsEmpty()) << "too few";
}

// By the formula of the header, from the counts: where the rail begins to break, to a thousandth of the control.
TEST(GuardRail, BreaksExactlyWhereTheAlwaysValidIntervalLeavesTheLimit) {
  constexpr double kUnits = 2'000;  // in each arm
  const std::vector<Event> log = log_of(4000, {0.5, 0.3}, {0.1, 0.3}, 6);
  const auto share = [&](EventKind kind, std::string_view arm) {
    std::set<std::string> of_arm;
    double count = 0;
    for (const Event& event : log) {
      if (event.kind == EventKind::kExposure && event.variant == arm) of_arm.insert(event.user_id);
      if (event.kind == kind && of_arm.contains(event.user_id)) ++count;
    }
    return count / kUnits;
  };
  const auto error = [&](double p) { return std::sqrt(p * (1 - p) / (kUnits - 1)); };
  constexpr double kAlpha = 0.05 / 2;  // two guard rails, one treated arm
  const double times = estimators::always_valid_reach(2 * kUnits, estimators::mixture_ratio(10'000, kAlpha), kAlpha);
  for (const bool more_is_better : {true, false}) {
    const EventKind kind = more_is_better ? EventKind::kPurchase : EventKind::kReport;
    const double control = share(kind, "control");
    const double treated = share(kind, "new");
    const auto breaks_at = [&](double guard) {
      const double limit = more_is_better ? 1 - guard : 1 + guard;
      const double beyond = treated - limit * control;
      return (more_is_better ? -beyond : beyond) > times * std::hypot(error(treated), limit * error(control));
    };
    double low = 0;  // breaks
    double high = 5;
    while (high - low > 1e-6) {
      const double middle = (low + high) / 2;
      (breaks_at(middle) ? low : high) = middle;
    }
    ASSERT_GT(low, 0.05);
    const std::string name = more_is_better ? "orders" : "reports";
    EXPECT_THAT(broken(log, low - 0.001), testing::Contains(name));
    EXPECT_THAT(broken(log, low + 0.001), testing::Not(testing::Contains(name)));
  }
}

TEST(GuardRail, TooFewUnitsSayNothing) {
  GuardRequest request = request_of(0.02);
  request.planned_units = 100;  // tightest here, so that nothing else keeps it from breaking
  const auto orders = [&](int units) {
    const auto states = check_guards(pass_over(log_of(units, {0.95, 0.05}, {0.1, 0.1}, 5)), request);
    EXPECT_TRUE(states);
    return states->front();
  };
  EXPECT_FALSE(orders(90).is_broken);
  EXPECT_THAT(orders(90).problem, testing::HasSubstr("too few"));
  EXPECT_TRUE(orders(150).is_broken);
}

// Who bought before buys again: the adjustment takes that out of the noise.
TEST(GuardRail, WhatWasBeforeSharpensTheInterval) {
  std::vector<Event> log = log_of(2000, {0, 0}, {0, 0}, 7);
  Rng rng(8);
  const std::size_t exposures = log.size();
  for (std::size_t i = 0; i < exposures; ++i) {
    const Event met = log[i];
    if (!rng.chance(0.5)) continue;
    log.push_back({.kind = EventKind::kPurchase, .time_ms = met.time_ms - 1'000, .user_id = met.user_id});
    if (!rng.chance(0.9)) continue;
    log.push_back({.kind = EventKind::kPurchase, .time_ms = met.time_ms + 1'000, .user_id = met.user_id});
  }
  const auto width = [&](std::int64_t before_ms) {
    GuardRequest request = request_of(0.02);
    request.before_ms = before_ms;
    const auto states = check_guards(pass_over(log), request);
    EXPECT_TRUE(states);
    return states->front().lift_high - states->front().lift_low;
  };
  EXPECT_LT(width(28 * kDayMs), 0.5 * width(0));
  GuardRequest later = request_of(0.02);
  later.from_ms = kStart + 1'000;
  EXPECT_EQ(check_guards(pass_over(log), later)->front().units, 1'000U) << "who met it before is out";
}

// 300 experiments without any effect, each looked at 12 times while it grows: few break ever.
TEST(GuardRail, LookingOftenIsSafe) {
  int stopped = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const std::vector<Event> log = log_of(1200, {0.5, 0.5}, {0.2, 0.2}, 100 + seed);
    bool ever = false;
    for (std::size_t look = 1; look <= 12 && !ever; ++look) {
      const std::vector<Event> so_far(log.begin(), log.begin() + static_cast<std::ptrdiff_t>(log.size() * look / 12));
      const auto states = check_guards(pass_over(so_far), request_of(0));
      ever = states && any_broken(*states);
    }
    stopped += ever ? 1 : 0;
  }
  EXPECT_LE(stopped, 15) << "5 % of 300";
}

TEST(GuardRail, SaysWhatItSaw) {
  const auto states = check_guards(pass_over(log_of(4000, {0.5, 0.3}, {0.1, 0.1}, 1)), request_of(0.02));
  ASSERT_TRUE(states);
  EXPECT_TRUE(any_broken(*states));
  EXPECT_THAT(states->front().sentence(), testing::HasSubstr("orders of new changed by -"));
  EXPECT_THAT(states->front().sentence(), testing::HasSubstr("surely worse"));
  GuardRequest none = request_of(0.02);
  for (EventMetric& metric : none.metrics_file.metrics) metric.guard.reset();
  EXPECT_TRUE(check_guards(pass_over({}), none)->empty());
  EXPECT_FALSE(check_guards(pass_over({}), request_of(0.02))) << "no exposures";
}

}  // namespace
}  // namespace handsel::experiments

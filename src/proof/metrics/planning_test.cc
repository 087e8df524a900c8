#include "proof/metrics/planning.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::experiments {
namespace {

using events::Event;
using events::EventKind;
using testing::HasSubstr;

constexpr std::int64_t kEnd = 1'790'000'000'000;

EventPass pass_over(const std::vector<Event>& log) {
  return [&log](const EventVisitor& visit) -> Result<void> {
    for (const Event& event : log)
      if (!visit(event)) break;
    return {};
  };
}

// Every day 20 visitors who never come back, and 100 who come on every day of all weeks and click as they always do.
std::vector<Event> history(int days) {
  Rng rng(4);
  std::vector<Event> log;
  const auto add = [&](EventKind kind, std::string user, int day) {
    log.push_back({.kind = kind,
                   .time_ms = kEnd - day * kDayMs + static_cast<std::int64_t>(rng.below(1000)),
                   .user_id = std::move(user)});
  };
  for (int day = 1; day <= days; ++day) {
    for (int i = 0; i < 20; ++i) add(EventKind::kClick, "once" + std::to_string(day * 100 + i), day);
    for (int i = 0; i < 100; ++i)
      for (int k = 0; k < 1 + i % 5; ++k) add(EventKind::kClick, "often" + std::to_string(i), day);
  }
  log.push_back({.kind = EventKind::kView, .time_ms = kEnd, .user_id = "last"});
  return log;
}

PlanRequest request_of() {
  PlanRequest request;
  request.metrics_file = *parse_metrics(default_metrics_toml(), "defaults");
  request.metric = "clicks";
  request.change = 0.1;
  return request;
}

TEST(Planning, UnitsComeInAsTheyReallyDo) {
  const std::vector<Event> log = history(28);
  const auto plan = plan_experiment(pass_over(log), request_of());
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_EQ(plan->weeks.size(), 8U);
  EXPECT_NEAR(plan->weeks[0].units, 100 + 7 * 20 + 1, 20.5);
  EXPECT_NEAR(plan->weeks[1].units - plan->weeks[0].units, 140, 1);
  EXPECT_NEAR(plan->weeks[3].units - plan->weeks[2].units, 140, 20.5);
  EXPECT_FALSE(plan->weeks[2].is_extrapolated);
  EXPECT_TRUE(plan->weeks[5].is_extrapolated);
  EXPECT_NEAR(plan->weeks[7].units - plan->weeks[6].units, 140, 20.5);
  EXPECT_LT(plan->weeks[0].variance_kept, 0.05) << "who clicks much was known before";
  EXPECT_LT(plan->weeks[0].detectable, 0.3 * plan->weeks[0].detectable_plain);
}

TEST(Planning, WhatIsDetectableFollowsFromMeanAndDeviation) {
  const std::vector<Event> log = history(28);
  PlanRequest request = request_of();
  request.share = 0.5;
  request.arms = 3;
  const auto plan = plan_experiment(pass_over(log), request);
  ASSERT_TRUE(plan) << plan.error().message;
  for (const PlannedWeek& week : plan->weeks) {
    const auto effect = estimators::detectable_effect(week.units / 3, {.alpha = 0.025, .power = 0.8});
    const double expected = *effect * week.deviation * std::sqrt(week.variance_kept) / week.mean;
    EXPECT_NEAR(week.detectable, expected, 1e-9);
    EXPECT_EQ(week.detectable <= request.change, week.units_needed <= week.units) << week.weeks;
  }
}

TEST(Planning, WhatCannotBePlannedIsRefused) {
  const std::vector<Event> log = history(14);
  const auto because = [&](const PlanRequest& request) {
    const auto plan = plan_experiment(pass_over(log), request);
    return plan ? std::string("nothing") : plan.error().message;
  };
  PlanRequest request = request_of();
  request.metric = "orders";
  EXPECT_THAT(because(request), HasSubstr("0 or the same for everybody"));
  request.metric = "quantile:clicks:0.5";
  EXPECT_THAT(because(request), HasSubstr("is a quantile"));
  request = request_of();
  request.change = 0;
  EXPECT_THAT(because(request), HasSubstr("nothing to look for"));
  request = request_of();
  request.power = 1;
  EXPECT_THAT(because(request), HasSubstr("between 0 and 1"));
  request = request_of();
  request.share = 2;
  EXPECT_THAT(because(request), HasSubstr("share"));
  EXPECT_THAT(plan_experiment(pass_over({}), request_of()).error().message, HasSubstr("no events"));
}

}  // namespace
}  // namespace handsel::experiments

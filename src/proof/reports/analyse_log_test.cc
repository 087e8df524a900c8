#include "proof/reports/analyse_log.h"

#include <array>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::experiments {
namespace {

using events::Event;
using events::EventKind;
using testing::HasSubstr;

constexpr std::int64_t kStart = 1'790'000'000'000;

EventPass pass_over(const std::vector<Event>& log) {
  return [&log](const EventVisitor& visit) -> Result<void> {
    for (const Event& event : log)
      if (!visit(event)) break;
    return {};
  };
}

Event event_of(EventKind kind, const std::string& user, std::int64_t time_ms, const char* surface = "") {
  return {.kind = kind,
          .time_ms = time_ms,
          .user_id = user,
          .session_id = "s" + user,
          .listing_id = "L",
          .surface = surface};
}

// A shelf that sells by itself and takes clicks, and so orders, from the search. Who bought much before buys much
// after.
struct Shop {
  std::vector<Event> log;

  explicit Shop(int units, std::uint64_t seed = 1, int control_of_100 = 50) {
    Rng rng(seed);
    for (int i = 0; i < units; ++i) {
      const std::string user = "u" + std::to_string(i);
      const bool treated = i % 100 >= control_of_100;
      const auto keen = rng.below(6);
      const std::int64_t met = kStart + i * 20'000;
      for (std::uint64_t k = 0; k < keen; ++k) buy(user, met - kDayMs - static_cast<std::int64_t>(k), 1000);
      Event met_it = event_of(EventKind::kExposure, "", met, "home");
      met_it.experiment = "shelf";
      met_it.variant = treated ? "v2" : "control";
      met_it.unit = user;
      log.push_back(met_it);
      const auto clicks = 2 + rng.below(4) - (treated ? 1 : 0);
      for (std::uint64_t k = 0; k < clicks; ++k) {
        log.push_back(event_of(EventKind::kClick, user, met + 1000 + static_cast<std::int64_t>(k), "search"));
        if (rng.chance(0.5)) buy(user, met + 2000 + static_cast<std::int64_t>(k), 1000);
      }
      for (std::uint64_t k = 0; k < keen; ++k) buy(user, met + 5000 + static_cast<std::int64_t>(k), 1000);
      if (treated && rng.chance(0.5)) buy(user, met + 9000, 1000);
    }
    log.push_back(event_of(EventKind::kView, "last", kStart + units * 20'000 + 2 * kDayMs));  // every first day is over
  }

  void buy(const std::string& user, std::int64_t time_ms, std::int64_t cents) {
    Event bought = event_of(EventKind::kPurchase, user, time_ms);
    bought.price_cents = cents;
    bought.currency = "EUR";
    log.push_back(bought);
  }
};

LogRequest request_of() {
  LogRequest request;
  request.experiment = {.name = "shelf", .variants = {{.name = "control"}, {.name = "v2"}}};
  request.metrics_file = *parse_metrics(default_metrics_toml(), "defaults");
  return request;
}

TEST(AnalyseLog, FindsWhatMovedAndNarrowsItByTheTimeBefore) {
  const Shop shop(4000);
  LogAnalysisRequest request{
      .log = request_of(), .metrics = {"search.clicks", "gms", "order-value"}, .novelty_days = 1, .analysis = {}};
  request.analysis.segments = {"newness", "surface"};
  const auto report = analyse_log(pass_over(shop.log), request);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->analysis.may_be_read()) << headline(*report);
  EXPECT_THAT(headline(*report), testing::StartsWith("v2 lowered search.clicks"));
  EXPECT_EQ(report->analysis.arms.front().units, 2000U);
  const Effect& gms = report->analysis.effects[1];
  EXPECT_LT(gms.variance_kept, 0.6);
  EXPECT_EQ(report->analysis.segmentations.size(), 6U);
  EXPECT_EQ(report->novelty.points.size(), 1U);
  EXPECT_THAT(to_text(*report), HasSubstr("From the event log: 4000 exposures"));
  EXPECT_THAT(to_json(*report), HasSubstr("by_day_since_exposure"));
  request.is_adjusted = false;
  const auto plain = analyse_log(pass_over(shop.log), request);
  ASSERT_TRUE(plain);
  EXPECT_GT(plain->analysis.effects[1].difference.error, 1.2 * gms.difference.error);
}

TEST(AnalyseLog, SizesAreCheckedAgainstTheWeightsOfTheDefinition) {
  const Shop uneven(4000, 2, 30);
  LogAnalysisRequest request{.log = request_of(), .metrics = {"orders"}, .analysis = {}};
  const auto broken = analyse_log(pass_over(uneven.log), request);
  ASSERT_TRUE(broken);
  EXPECT_FALSE(broken->analysis.may_be_read());
  EXPECT_THAT(headline(*broken), HasSubstr("do not have the sizes that were planned"));
  request.log.experiment.variants[0].weight = 30;
  request.log.experiment.variants[1].weight = 70;
  EXPECT_TRUE(analyse_log(pass_over(uneven.log), request)->analysis.may_be_read());
}

// Four units in each arm, by how far they came: s searched, c clicked, b bought; "B" bought without a click, and "l"
// clicked a day too late.
std::vector<Event> walked(const std::array<const char*, 8>& paths) {
  std::vector<Event> log;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const std::string user = "u" + std::to_string(i);
    const std::int64_t met = kStart + static_cast<std::int64_t>(i);
    Event met_it = event_of(EventKind::kExposure, "", met, "home");
    met_it.experiment = "shelf";
    met_it.variant = i < 4 ? "control" : "v2";
    met_it.unit = user;
    log.push_back(met_it);
    for (const char did : std::string_view(paths[i])) {
      if (did == 's') log.push_back(event_of(EventKind::kSearch, user, met + 1));
      if (did == 'c') log.push_back(event_of(EventKind::kClick, user, met + 2));
      if (did == 'l') log.push_back(event_of(EventKind::kClick, user, met + kDayMs));
      if (did == 'b' || did == 'B') log.push_back(event_of(EventKind::kPurchase, user, met + 3));
    }
    log.push_back(event_of(EventKind::kClick, user, met - 5));  // before it met anything: no step
  }
  return log;
}

TEST(AnalyseLog, TheFunnelCountsWhoTookAllStepsWithinTheWindow) {
  const auto log = walked({"s", "sc", "scb", "sB", "scb", "scb", "sl", "cb"});
  LogAnalysisRequest request{.log = request_of(), .metrics = {"orders"}, .has_usual_funnel = true, .analysis = {}};
  for (EventMetric& metric : request.log.metrics_file.metrics) metric.window_ms = kDayMs;
  const auto report = analyse_log(pass_over(log), request);
  ASSERT_TRUE(report) << report.error().message;
  const Funnel& funnel = report->analysis.funnel;
  ASSERT_EQ(funnel.steps.size(), 3U);  // nobody put anything in a cart
  EXPECT_THAT(funnel.units, testing::ElementsAre(4U, 4U));
  EXPECT_EQ(funnel.steps[0].name, "searches");
  EXPECT_THAT(funnel.steps[0].reached, testing::ElementsAre(4U, 3U));
  EXPECT_THAT(funnel.steps[1].reached, testing::ElementsAre(2U, 2U));
  EXPECT_EQ(funnel.steps[2].name, "orders");
  EXPECT_THAT(funnel.steps[2].reached, testing::ElementsAre(1U, 2U));
  EXPECT_DOUBLE_EQ(funnel.steps[2].effects[0].difference.estimate, 0.25);
  EXPECT_EQ(report->analysis.effects.size(), 1U);  // no metric of the decision

  request.has_usual_funnel = false;
  const auto without = analyse_log(pass_over(log), request);
  EXPECT_TRUE(without->analysis.funnel.steps.empty());
  EXPECT_EQ(headline(*without), headline(*report));
  EXPECT_EQ(to_json(*without).find("\"funnel\""), std::string::npos);
  request.analysis.funnel = {"clicks", "carts"};
  const auto chosen = analyse_log(pass_over(log), request);
  EXPECT_THAT(chosen->analysis.funnel.steps[0].reached, testing::ElementsAre(2U, 3U));
  EXPECT_THAT(chosen->analysis.funnel.steps[1].reached, testing::ElementsAre(0U, 0U));
  EXPECT_FALSE(chosen->analysis.funnel.steps[1].effects[0].problem.empty());
}

TEST(AnalyseLog, StepsThatNobodyCanCountAreRefused) {
  const auto log = walked({"s", "sc", "scb", "sB", "scb", "scb", "sl", "cb"});
  const auto because = [&](const std::vector<std::string>& steps) {
    LogAnalysisRequest request{.log = request_of(), .metrics = {"orders"}, .analysis = {}};
    request.analysis.funnel = steps;
    const auto report = analyse_log(pass_over(log), request);
    return report ? std::string("nothing") : report.error().message;
  };
  EXPECT_THAT(because({"searches", "click"}), HasSubstr("no metric 'click'; did you mean 'clicks'"));
  EXPECT_THAT(because({"searches", "click-through"}), HasSubstr("'click-through' is a ratio, which no single unit"));
  EXPECT_THAT(because({"searches"}), HasSubstr("a funnel of 1 step; between 2 and 20"));
  EXPECT_THAT(because({"searches", "searches"}), HasSubstr("the step 'searches' twice"));
  EXPECT_EQ(because({"searches", "clicks"}), "nothing");
}

TEST(AnalyseLog, MediationSaysThatTheSearchIsCannibalised) {
  const Shop shop(6000);
  LogMediationRequest request{
      .log = request_of(), .mediators = {"search.clicks"}, .outcome = "gms", .treated = {}, .options = {}};
  const auto report = mediate_log(pass_over(shop.log), request);
  ASSERT_TRUE(report) << report.error().message;
  const std::string sentence = headline(*report, report->mediators.front());
  EXPECT_THAT(sentence, testing::StartsWith("v2 did not measurably change gms"));
  EXPECT_THAT(sentence, HasSubstr("search.clicks is cannibalised and the total is near zero"));
  // The truth: half of the treated buy for 10 more; a click fewer is half an order for 10 fewer.
  const mediation::Mediation& m = report->mediators.front().generalised;
  EXPECT_NEAR(m.direct[0].estimate, 5, 3 * m.direct[0].error);
  EXPECT_NEAR(m.indirect[1].estimate, -5, 3 * m.indirect[1].error);
}

TEST(AnalyseLog, WhatCannotBeAnalysedIsRefused) {
  const Shop shop(200);
  const auto because = [&](const LogAnalysisRequest& request) {
    const auto report = analyse_log(pass_over(shop.log), request);
    return report ? std::string("nothing") : report.error().message;
  };
  LogAnalysisRequest request{.log = request_of(), .metrics = {"gsm"}, .analysis = {}};
  EXPECT_THAT(because(request), HasSubstr("did you mean 'gms'"));
  request.metrics = {"gms"};
  request.analysis.segments = {"country"};
  EXPECT_THAT(because(request), HasSubstr("there is no 'country' to divide units by"));
  request.analysis.segments.clear();
  request.log.experiment.variants.pop_back();
  EXPECT_THAT(because(request), HasSubstr("two are needed"));
  LogMediationRequest mediation{
      .log = request_of(), .mediators = {"click-through"}, .outcome = "gms", .treated = {}, .options = {}};
  EXPECT_THAT(mediate_log(pass_over(shop.log), mediation).error().message, HasSubstr("no value for a single unit"));
  mediation.mediators = {"clicks"};
  mediation.treated = "v3";
  EXPECT_THAT(mediate_log(pass_over(shop.log), mediation).error().message, HasSubstr("no variant 'v3'"));
}

TEST(AnalyseLog, Moments) {
  EXPECT_EQ(moment_text(0), "1970-01-01 00:00");
  EXPECT_EQ(moment_text(kStart), "2026-09-21 14:13");
}

}  // namespace
}  // namespace handsel::experiments

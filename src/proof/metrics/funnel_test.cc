#include "proof/metrics/funnel.h"

#include <cmath>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel::experiments {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<Analysis> run(std::string_view csv, const AnalysisRequest& request) {
  const auto source = catalog::memory_source("units.csv", csv);
  const auto table = read_unit_table(*source, number_columns(request), word_columns(request));
  if (!table) return std::unexpected(table.error());
  return analyse(*table, request);
}

AnalysisRequest request_of(std::string unit = "") {
  AnalysisRequest request;
  request.unit = std::move(unit);
  request.variant = "v";
  request.metrics = {*parse_metric("y")};
  request.funnel = {"saw", "took", "paid"};
  return request;
}

// Of ten control units 8 saw, 4 of these took, 2 of these paid; of ten new ones 10, 7 and 3.
std::string ten_each() {
  std::string csv = "v,y,saw,took,paid\n";
  for (int i = 0; i < 10; ++i)
    csv += fmt::format("control,{},{},{},{}\n", i, i < 8 ? 2 : 0, i < 4 || i == 9 ? 1 : 0, i < 2 || i == 7 ? 20.5 : 0);
  for (int i = 0; i < 10; ++i) csv += fmt::format("new,{},1,{},{}\n", i, i < 7 ? 1 : 0, i < 3 ? 1 : 0);
  return csv;
}

TEST(Funnel, SharesAndTheirDifferencesAreThoseOfTwoProportions) {
  const auto analysis = run(ten_each(), request_of());
  ASSERT_TRUE(analysis) << analysis.error().message;
  const Funnel& funnel = analysis->funnel;
  EXPECT_THAT(funnel.units, ElementsAre(10U, 10U));
  ASSERT_EQ(funnel.steps.size(), 3U);
  EXPECT_THAT(funnel.steps[0].reached, ElementsAre(8U, 10U));
  EXPECT_THAT(funnel.steps[1].reached, ElementsAre(4U, 7U));  // who took without having seen is at no step
  EXPECT_THAT(funnel.steps[2].reached, ElementsAre(2U, 3U));
  // 0.8 * 0.2 / 10 and 1 * 0 / 10; then 0.4 * 0.6 / 10 and 0.7 * 0.3 / 10; then 0.2 * 0.8 / 10 and 0.3 * 0.7 / 10.
  const double z = 1.9599639845400545;
  const double differences[] = {0.2, 0.3, 0.1}, variances[] = {0.016, 0.045, 0.037};
  for (std::size_t step = 0; step < 3; ++step) {
    const estimators::Difference& d = funnel.steps[step].effects.at(0).difference;
    EXPECT_NEAR(d.estimate, differences[step], 1e-12);
    EXPECT_NEAR(d.error, std::sqrt(variances[step]), 1e-12);
    EXPECT_NEAR(d.low, differences[step] - z * std::sqrt(variances[step]), 1e-9);
    EXPECT_NEAR(d.high, differences[step] + z * std::sqrt(variances[step]), 1e-9);
  }
}

TEST(Funnel, IsNoMetricOfTheDecision) {
  auto request = request_of();
  request.metrics.push_back(*parse_metric("saw"));
  const auto with = run(ten_each(), request);
  request.funnel.clear();
  const auto without = run(ten_each(), request);
  ASSERT_TRUE(with && without);
  EXPECT_TRUE(without->funnel.steps.empty());
  ASSERT_EQ(with->effects.size(), without->effects.size());
  for (std::size_t i = 0; i < with->effects.size(); ++i)
    EXPECT_EQ(with->effects[i].p_adjusted, without->effects[i].p_adjusted);
  EXPECT_EQ(with->checks.size(), without->checks.size());
}

TEST(Funnel, AUnitCountsOnceWhateverItsRows) {
  // a: saw in one row, took in another. e is in two arms. d has no value of 'paid'; c has one in its other row.
  const auto analysis =
      run("u,v,y,saw,took,paid\na,control,1,1,0,0\na,control,2,0,3,0\nb,control,1,0,1,1\nc,control,4,1,1,\n"
          "c,control,4,1,1,1\nd,new,3,1,1,\nf,new,5,1,0,0\ng,new,2,1,1,0\ne,new,1,1,1,1\ne,control,1,1,1,1\n",
          request_of("u"));
  ASSERT_TRUE(analysis) << analysis.error().message;
  const Funnel& funnel = analysis->funnel;
  EXPECT_THAT(funnel.units, ElementsAre(3U, 2U));
  EXPECT_EQ(funnel.missing, 1U);
  EXPECT_THAT(funnel.steps[0].reached, ElementsAre(2U, 2U));
  EXPECT_THAT(funnel.steps[1].reached, ElementsAre(2U, 1U));
  EXPECT_THAT(funnel.steps[2].reached, ElementsAre(1U, 0U));
  // 2/3 * 1/3 / 3 of the control; all of the new ones.
  EXPECT_NEAR(funnel.steps[0].effects[0].difference.error, std::sqrt(2.0 / 27), 1e-12);
}

TEST(Funnel, ErrorsAreThoseOfClustersWhereTheyAreAskedFor) {
  std::string csv = "u,v,y,shop,saw,took,paid\n";
  for (int i = 0; i < 24; ++i)
    csv +=
        fmt::format("{},{},{},s{},{},1,1\n", i, i % 2 == 0 ? "control" : "new", i % 5, i / 3, i / 6 % 3 == 0 ? 0 : 1);
  auto request = request_of("u");
  request.cluster = "shop";
  request.metrics = {*parse_metric("proportion:saw")};
  const auto analysis = run(csv, request);
  ASSERT_TRUE(analysis) << analysis.error().message;
  const estimators::Difference& step = analysis->funnel.steps[0].effects[0].difference;
  EXPECT_GT(step.error, 0);
  EXPECT_DOUBLE_EQ(step.error, analysis->effects[0].difference.error);
  EXPECT_DOUBLE_EQ(step.high, analysis->effects[0].difference.high);
  const auto torn = run(csv + "0,control,1,s7,1,1,1\n", request);
  ASSERT_FALSE(torn);
  EXPECT_THAT(torn.error().message, HasSubstr("rows in two of the clusters of 'shop'"));
}

TEST(Funnel, WhatIsNoFunnelIsRefused) {
  const auto because = [](std::vector<std::string> steps) {
    auto request = request_of();
    request.funnel = std::move(steps);
    const auto analysis = run(ten_each(), request);
    return analysis ? std::string("nothing") : analysis.error().message;
  };
  EXPECT_THAT(because({"saw"}), HasSubstr("a funnel of 1 step; between 2 and 20"));
  EXPECT_THAT(because({"saw", "took", "saw"}), HasSubstr("the step 'saw' twice"));
  EXPECT_THAT(because({"saw", "bought"}), HasSubstr("bought"));
  EXPECT_THAT(because(std::vector<std::string>(21, "saw")), HasSubstr("a funnel of 21 steps"));
  EXPECT_EQ(because({"saw", "took"}), "nothing");
}

TEST(Funnel, AlwaysValidIntervalsAreWider) {
  auto request = request_of();
  request.sequential = true;
  const auto analysis = run(ten_each(), request);
  ASSERT_TRUE(analysis);
  const Effect& effect = analysis->funnel.steps[1].effects[0];
  ASSERT_TRUE(effect.sequential);
  EXPECT_LT(effect.sequential->low, effect.difference.low);
}

}  // namespace
}  // namespace handsel::experiments

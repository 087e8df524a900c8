#include "proof/metrics/analysis.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "base/math/statistics.h"

namespace handsel::experiments {
namespace {

using testing::HasSubstr;

Result<Analysis> run(std::string_view csv, AnalysisRequest request) {
  const auto source = catalog::memory_source("units.csv", csv);
  const auto table = read_unit_table(*source, number_columns(request), word_columns(request));
  if (!table) return std::unexpected(table.error());
  return analyse(*table, request);
}

AnalysisRequest request_of(std::initializer_list<const char*> metrics) {
  AnalysisRequest request;
  request.unit = "u";
  request.variant = "v";
  for (const char* metric : metrics) request.metrics.push_back(*parse_metric(metric));
  return request;
}

const Check* check_called(const Analysis& analysis, std::string_view name) {
  const auto found = std::ranges::find(analysis.checks, name, &Check::name);
  return found == analysis.checks.end() ? nullptr : &*found;
}

// A table of `units` per arm: y = effect * arm + 2 x + noise, x known before; clicks over visits.
std::string generated(int units, double effect, std::uint64_t seed) {
  Rng rng(seed);
  std::string csv = "u,v,y,x,clicks,visits,bought,day,land\n";
  for (int i = 0; i < 2 * units; ++i) {
    const bool treated = i % 2 == 1;
    const double x = rng.normal();
    const double y = (treated ? effect : 0) + 2 * x + rng.normal();
    const auto visits = 1 + rng.below(5);
    const auto clicks = rng.below(visits + 1);
    csv += fmt::format("{},{},{},{},{},{},{},{},{}\n", i, treated ? "new" : "control", y, x, clicks, visits,
                       rng.chance(.3) ? 1 : 0, i / 2 % 10, i % 3 == 0 ? "de" : "fr");
  }
  return csv;
}

TEST(Metric, Parses) {
  struct Row {
    const char* text;
    MetricKind kind;
    const char* column;
    const char* below;
    double quantile;
  };
  for (const Row& row :
       {Row{"spend", MetricKind::kMean, "spend", "", 0}, Row{"mean:spend", MetricKind::kMean, "spend", "", 0},
        Row{"proportion:visit", MetricKind::kProportion, "visit", "", 0}, Row{"a/b", MetricKind::kRatio, "a", "b", 0},
        Row{"ratio:a/b", MetricKind::kRatio, "a", "b", 0}, Row{"quantile:ms:0.9", MetricKind::kQuantile, "ms", "", .9},
        Row{"winsorised:spend:0.99", MetricKind::kWinsorised, "spend", "", .99}}) {
    const auto metric = parse_metric(row.text);
    ASSERT_TRUE(metric) << row.text;
    EXPECT_EQ(metric->kind, row.kind) << row.text;
    EXPECT_EQ(metric->column, row.column);
    EXPECT_EQ(metric->below, row.below);
    EXPECT_EQ(metric->quantile, row.quantile);
    EXPECT_EQ(metric->name, row.text);
  }
  for (const char* wrong : {"", "a/", "/b", "ratio:a", "mean:", "quantile:ms", "quantile:ms:1", "quantile:ms:x",
                            "median:ms", "winsorised:0.9", "quantile::0.5"}) {
    EXPECT_FALSE(parse_metric(wrong)) << wrong;
  }
}

TEST(Analysis, MeansRatiosAndProportionsByHand) {
  const auto got =
      run("u,v,y,a,b,c\n1,control,1,1,2,0\n2,control,3,0,1,1\n3,control,5,2,3,0\n4,new,2,2,2,1\n5,new,6,1,3,1\n6,new,7,"
          "3,4,0\n",
          request_of({"y", "a/b", "proportion:c"}));
  ASSERT_TRUE(got) << got.error().message;
  const Effect& y = got->effects.at(0);
  EXPECT_EQ(y.control, 3);
  EXPECT_EQ(y.treated, 5);
  EXPECT_NEAR(y.difference.error, std::sqrt(4.0 / 3 + 7.0 / 3), 1e-12);
  const Effect& ratio = got->effects.at(1);
  EXPECT_NEAR(ratio.control, .5, 1e-12);
  EXPECT_NEAR(ratio.treated, 6.0 / 9, 1e-12);
  // Delta method by hand: residuals a - r b are 0, -.5, .5 over a mean of 2: variance .5 / 2 / 3 / 4.
  EXPECT_NEAR(ratio.control_error, std::sqrt(.25 / 3 / 4), 1e-12);
  const Effect& share = got->effects.at(2);
  EXPECT_NEAR(share.control, 1.0 / 3, 1e-12);
  EXPECT_NEAR(share.control_error, std::sqrt(2.0 / 9 / 3), 1e-12);
}

TEST(Analysis, AdjustmentsNarrowAndAgree) {
  const std::string csv = generated(2000, .2, 1);
  auto request = request_of({"y", "clicks/visits", "quantile:y:0.5"});
  const auto plain = run(csv, request);
  request.covariates = {"x"};
  request.adjustment = estimators::Adjustment::kCuped;
  const auto cuped = run(csv, request);
  request.adjustment = estimators::Adjustment::kRegression;
  const auto regression = run(csv, request);
  ASSERT_TRUE(plain && cuped && regression) << cuped.error().message;
  EXPECT_NEAR(cuped->effects[0].variance_kept, .2, .02);
  EXPECT_NEAR(cuped->effects[0].difference.error, plain->effects[0].difference.error * std::sqrt(.2), .002);
  EXPECT_NEAR(cuped->effects[0].difference.estimate, regression->effects[0].difference.estimate, .002);
  EXPECT_LT(std::fabs(cuped->effects[0].difference.estimate - .2), 4 * cuped->effects[0].difference.error);
  EXPECT_EQ(cuped->effects[2].difference.estimate, plain->effects[2].difference.estimate);
  EXPECT_NE(check_called(*cuped, "before the experiment: x"), nullptr);
  request.adjustment = estimators::Adjustment::kNone;
  EXPECT_FALSE(run(csv, request));  // covariates that nothing uses
}

TEST(Analysis, ChecksStopTheReport) {
  // 505 to 495 of a thousand is chance; 600 to 400 is not.
  for (const int control : {505, 600}) {
    std::string csv = "u,v,y\n";
    for (int i = 0; i < 1000; ++i) csv += fmt::format("{},{},{}\n", i, i < control ? "control" : "new", i % 7);
    const auto got = run(csv, request_of({"y"}));
    ASSERT_TRUE(got);
    EXPECT_EQ(got->may_be_read(), control == 505);
  }
  // Treated units who lose their value.
  std::string csv = "u,v,y\n";
  for (int i = 0; i < 1000; ++i)
    csv += fmt::format("{},{},{}\n", i, i % 2 == 0 ? "control" : "new", i % 2 == 1 && i % 10 < 4 ? "" : "1.5");
  const auto missing = run(csv + "1001,control,3\n", request_of({"y"}));
  ASSERT_TRUE(missing);
  EXPECT_FALSE(missing->may_be_read());
  // Who was different before.
  csv = "u,v,y,x\n";
  for (int i = 0; i < 1000; ++i)
    csv += fmt::format("{},{},{},{}\n", i, i % 2 == 0 ? "control" : "new", i % 3, i % 2 + i % 5);
  auto request = request_of({"y"});
  request.pre = {"x"};
  const auto before = run(csv, request);
  ASSERT_TRUE(before);
  EXPECT_FALSE(before->may_be_read());
}

TEST(Analysis, RepeatedAndMixedUnits) {
  const auto got = run(
      "u,v,y\n1,control,1\n1,control,2\n2,control,5\n3,new,2\n3,new,3\n4,new,9\n5,new,1\n5,control,1\n6,control,4\n",
      request_of({"y"}));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_TRUE(got->repeated_units);
  EXPECT_EQ(got->units, 6u);
  EXPECT_EQ(got->arms[0].units, 3u);  // 1, 2 and 6
  EXPECT_EQ(got->arms[1].units, 2u);
  const Check* mixed = check_called(*got, "one arm per unit");
  ASSERT_NE(mixed, nullptr);
  EXPECT_FALSE(mixed->passed);
  EXPECT_FALSE(got->may_be_read());
  EXPECT_EQ(got->effects[0].control_units, 4u);  // the rows of unit 5 are out
  EXPECT_NEAR(got->effects[0].control, 3, 1e-12);
}

TEST(Analysis, SegmentsFindTheOneThatDiffers) {
  Rng rng(4);
  std::string csv = "u,v,y,land\n";
  for (int i = 0; i < 6000; ++i) {
    const bool treated = i % 2 == 1;
    const char* land = i % 3 == 0 ? "de" : i % 3 == 1 ? "fr" : "it";
    csv += fmt::format("{},{},{},{}\n", i, treated ? "new" : "control",
                       (treated && i % 3 == 0 ? 1.0 : 0.0) + rng.normal(), land);
  }
  auto request = request_of({"y"});
  request.segments = {"land"};
  const auto got = run(csv, request);
  ASSERT_TRUE(got) << got.error().message;
  const Segmentation& s = got->segmentations.at(0);
  EXPECT_LT(s.heterogeneity_p, 1e-6);
  EXPECT_EQ(s.chosen, "de");
  ASSERT_TRUE(s.honest);
  EXPECT_NEAR(s.honest->difference.estimate, 1, .25);
  EXPECT_LT(s.honest->control_units, 700u);  // half of a thousand
}

TEST(Analysis, PathEndsAtTheEffectAndFindsFading) {
  Rng rng(5);
  std::string csv = "u,v,y,day\n";
  for (int i = 0; i < 8000; ++i) {
    const int day = i / 2 % 20;
    csv += fmt::format("{},{},{},{}\n", i, i % 2 == 1 ? "new" : "control",
                       (i % 2 == 1 ? 1 - day * .05 : 0.0) + rng.normal(), day);
  }
  auto request = request_of({"y"});
  request.day = "day";
  request.sequential = true;
  const auto got = run(csv, request);
  ASSERT_TRUE(got);
  const Path& path = got->paths.at(0);
  ASSERT_EQ(path.points.size(), 20u);
  EXPECT_NEAR(path.points.back().estimate, got->effects[0].difference.estimate, 1e-9);
  EXPECT_NEAR(path.points.back().low, got->effects[0].sequential->low, 1e-9);
  EXPECT_NEAR(path.slope, -.05, .02);
  EXPECT_LT(path.slope_p, 1e-3);
}

TEST(Analysis, WinsorisingTamesOneHugeBuyer) {
  std::string csv = "u,v,y\n";
  for (int i = 0; i < 1000; ++i)
    csv += fmt::format("{},{},{}\n", i, i % 2 == 0 ? "control" : "new", i == 1 ? 1e9 : i % 10);
  const auto got = run(csv, request_of({"y", "winsorised:y:0.99"}));
  ASSERT_TRUE(got);
  EXPECT_GT(got->effects[0].treated, 1e6);
  EXPECT_LT(got->effects[1].treated, 10);
}

TEST(Analysis, WhatCannotBeComparedSaysWhy) {
  struct Row {
    const char* what;
    const char* csv;
    const char* metric;
    const char* says;
  };
  for (const Row& row :
       {Row{"one-unit arm", "u,v,y\n1,control,1\n2,control,2\n3,new,2\n", "y", "treated arm has 1 units"},
        Row{"all missing", "u,v,y\n1,control,\n2,control,NA\n3,new,2\n4,new,3\n", "y", "control arm has 0 units"},
        Row{"constant", "u,v,y\n1,control,7\n2,control,7\n3,new,7\n4,new,7\n", "y", "same value"},
        Row{"not a share", "u,v,y\n1,control,0\n2,control,2\n3,new,1\n4,new,0\n", "proportion:y", "0 and 1 alone"},
        Row{"nothing below", "u,v,y,z\n1,control,0,0\n2,control,2,0\n3,new,1,1\n4,new,0,1\n", "y/z",
            "below the line is 0"}}) {
    const auto got = run(row.csv, request_of({row.metric}));
    ASSERT_TRUE(got) << row.what << ": " << got.error().message;
    EXPECT_THAT(got->effects[0].problem, HasSubstr(row.says)) << row.what;
  }
}

TEST(Analysis, RefusesWhatMakesNoSense) {
  const std::string csv = "u,v,y\n1,control,1\n2,new,2\n3,new,2\n4,control,5\n";
  const auto says = [&](std::string_view text, const AnalysisRequest& request) {
    const auto got = run(text, request);
    return got ? std::string("no refusal") : got.error().message;
  };
  auto request = request_of({"y"});
  EXPECT_THAT(says("u,v,y\n", request), HasSubstr("which arm"));
  EXPECT_THAT(says("u,v,y\n1,control,1\n2,control,1\n", request), HasSubstr("all units are in one arm"));
  EXPECT_THAT(says("u,v,y\n1,x,1\n2,y,1\n", request), HasSubstr("which arm"));
  EXPECT_THAT(says("u,v,y\n1,control,inf\n2,new,1\n", request), HasSubstr("line 2, column 'y': 'inf'"));
  EXPECT_THAT(says(csv, request_of({})), HasSubstr("0 metrics"));
  request.control = "nobody";
  EXPECT_THAT(says(csv, request), HasSubstr("never says 'nobody'; it says: control, new"));
  request = request_of({"y"});
  request.expected = {1, 1, 1};
  EXPECT_THAT(says(csv, request), HasSubstr("3 expected shares for 2 arms"));
  request = request_of({"y"});
  request.alpha = 1;
  EXPECT_THAT(says(csv, request), HasSubstr("alpha"));
  request = request_of({"y"});
  request.group = {.look = 3, .looks = 2};
  EXPECT_THAT(says(csv, request), HasSubstr("look 3 of 2"));
  request = request_of({"y"});
  request.strata = "u";
  request.cluster = "u";
  EXPECT_THAT(says(csv, request), HasSubstr("exclude"));
}

TEST(Analyse, QuantilesByBootstrapOrByOrderStatistics) {
  const std::string csv = generated(2'000, 0.5, 8);
  AnalysisRequest request = request_of({"quantile:y:0.9"});
  const auto order = run(csv, request);
  request.quantile_resamples = 500;
  const auto bootstrap = run(csv, request);
  request.cluster = "land";
  const auto clusters = run(csv, request);
  ASSERT_TRUE(order && bootstrap && clusters);
  const estimators::Difference& a = order->effects.at(0).difference;
  const estimators::Difference& b = bootstrap->effects.at(0).difference;
  EXPECT_EQ(a.estimate, b.estimate);
  EXPECT_NE(a.error, b.error);
  EXPECT_NEAR(b.error / a.error, 1, 0.25);  // two estimates of one error
  EXPECT_NE(clusters->effects.at(0).difference.error, b.error);
  request.quantile_resamples = 1;
  const auto refused = run(csv, request);
  ASSERT_TRUE(refused);
  EXPECT_THAT(refused->effects.at(0).problem, HasSubstr("1 resamples"));
}

}  // namespace
}  // namespace handsel::experiments

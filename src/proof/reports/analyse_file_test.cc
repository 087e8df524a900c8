#include "proof/reports/analyse_file.h"

#include <array>
#include <cmath>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/math/statistics.h"

namespace handsel::experiments {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Result<AnalysisReport> run(const std::string& csv, const AnalysisRequest& request) {
  const auto source = catalog::memory_source("units.csv", csv);
  return analyse_file(*source, request);
}

AnalysisRequest small_request() {
  AnalysisRequest request;
  request.variant = "v";
  request.metrics = {*parse_metric("y")};
  return request;
}

// `control` of a thousand units in the control arm; treated units have `effect` more.
std::string units(int control, double effect) {
  std::string csv = "v,y,day\n";
  for (int i = 0; i < 1000; ++i)
    csv += fmt::format("{},{},{}\n", i < control ? "control" : "new", i % 10 + (i < control ? 0 : effect), i % 7);
  return csv;
}

TEST(AnalyseFile, TheFirstSentenceFollowsFromChecksAndIntervals) {
  const auto request = small_request();
  EXPECT_THAT(headline(*run(units(500, 2), request)), StartsWith("new raised y (+44.44 %"));
  EXPECT_THAT(headline(*run(units(500, -2), request)), StartsWith("new lowered y (-44.44 %"));
  EXPECT_THAT(headline(*run(units(500, 0), request)), StartsWith("new did not measurably change y"));
  const auto torn = run(units(600, 2), request);
  EXPECT_THAT(headline(*torn), StartsWith("Do not read the effects: The arms do not have the sizes"));
  EXPECT_THAT(to_text(*torn), HasSubstr("FAILED"));
  EXPECT_THAT(to_json(*torn), HasSubstr("\"may_be_read\": false"));
  EXPECT_THAT(to_html(*torn), HasSubstr("cannot be trusted"));
}

TEST(AnalyseFile, EveryFormIsWritten) {
  auto request = small_request();
  request.sequential = true;
  request.bayes = true;
  request.day = "day";
  request.group = {.look = 2, .looks = 5};
  const auto report = run(units(500, 2), request);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(to_text(*report), HasSubstr("Look 2 of 5: |z| has to pass 3.35"));
  EXPECT_THAT(to_json(*report), HasSubstr("\"always_valid\""));
  EXPECT_THAT(to_html(*report), HasSubstr("polygon"));
  auto hostile = *report;
  hostile.source = "<b>\"";
  EXPECT_EQ(to_html(hostile).find("<b>"), std::string::npos);
}

TEST(AnalyseFile, TheFunnelIsShownInEveryForm) {
  auto request = small_request();
  request.funnel = {"saw", "took"};
  std::string csv = "v,y,saw,took\n";
  for (int i = 0; i < 10; ++i) csv += fmt::format("control,{},{},{}\n", i, i < 8 ? 1 : 0, i < 4 ? 3 : 0);
  for (int i = 0; i < 10; ++i) csv += fmt::format("<new>,{},1,{}\n", i, i < 7 ? 1 : 0);
  const auto report = run(csv, request);
  ASSERT_TRUE(report) << report.error().message;
  const std::string text = to_text(*report);
  EXPECT_THAT(text, testing::ContainsRegex("took +control +4 +40.00 % +50.00 %"));
  EXPECT_THAT(text, testing::ContainsRegex("took +<new> +7 +70.00 % +70.00 % +.30.00 +-11.58 +.71.58"));
  EXPECT_THAT(text, HasSubstr("an interval of 95 % for itself"));
  const std::string json = to_json(*report);
  EXPECT_THAT(json, HasSubstr("\"step\": \"took\""));
  EXPECT_THAT(json, HasSubstr("\"reached\": 7"));
  EXPECT_THAT(json, HasSubstr("\"share\": 0.7"));
  const std::string html = to_html(*report);
  EXPECT_THAT(html, HasSubstr("40.00 % (4 units)"));
  EXPECT_THAT(html, HasSubstr("<rect"));
  EXPECT_EQ(html.find("<new>"), std::string::npos);
  request.funnel.clear();
  const auto without = run(csv, request);
  EXPECT_EQ(headline(*without), headline(*report));
  EXPECT_EQ(to_html(*without).find("<rect"), std::string::npos);
}

// The closed form over the file itself, read by other means.
TEST(AnalyseFile, HillstromArmsAreTheClosedForm) {
  const std::string path = HANDSEL_SOURCE_DIR "/../shared/data/ab-hillstrom/hillstrom.csv.gz";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: no data";
  auto source = catalog::open_source(path);
  ASSERT_TRUE(source);
  AnalysisRequest request;
  request.variant = "segment";
  request.control = "No E-Mail";
  for (const char* metric : {"spend", "proportion:visit", "proportion:conversion"})
    request.metrics.push_back(*parse_metric(metric));
  const auto table = read_unit_table(**source, std::vector<std::string>{"spend", "visit", "conversion", "history"},
                                     std::vector<std::string>{"segment"});
  ASSERT_TRUE(table);
  const auto plain = analyse(*table, request);
  ASSERT_TRUE(plain) << plain.error().message;
  ASSERT_EQ(plain->arms.size(), 3u);
  EXPECT_EQ(plain->arms[0].units, 21'306u);
  EXPECT_EQ(plain->arms[1].units, 21'307u);
  EXPECT_TRUE(plain->may_be_read());
  const std::array<std::string_view, 3> columns = {"spend", "visit", "conversion"};
  for (const Effect& effect : plain->effects) {
    const std::string_view column = columns[static_cast<std::size_t>(&effect - plain->effects.data()) / 2];
    long double sums[2] = {0, 0};
    for (std::size_t row = 0; row < table->rows; ++row) {
      const std::string& arm = table->words[0].labels[table->words[0].codes[row]];
      if (arm == "No E-Mail") sums[0] += table->number(column)->values[row];
      if (arm == effect.arm) sums[1] += table->number(column)->values[row];
    }
    const auto control = static_cast<double>(sums[0] / effect.control_units);
    const auto treated = static_cast<double>(sums[1] / effect.treated_units);
    EXPECT_NEAR(effect.control, control, 1e-9) << effect.metric;
    EXPECT_NEAR(effect.treated, treated, 1e-9) << effect.metric;
    EXPECT_NEAR(effect.difference.estimate, treated - control, 1e-9) << effect.metric;
  }
  EXPECT_NEAR(plain->effects[0].control, .6528, 5e-5);
  EXPECT_NEAR(plain->effects[0].treated, 1.4226, 5e-5);

  // CUPED on history: the interval narrows by sqrt(1 - r^2), with r the correlation within arms.
  request.adjustment = estimators::Adjustment::kCuped;
  request.covariates = {"history"};
  const auto cuped = analyse(*table, request);
  ASSERT_TRUE(cuped);
  double xx = 0, xy = 0, yy = 0;
  for (std::uint32_t arm = 0; arm < 3; ++arm) {
    std::vector<double> x, y;
    for (std::size_t row = 0; row < table->rows; ++row) {
      if (table->words[0].codes[row] != arm) continue;
      x.push_back(table->number("history")->values[row]);
      y.push_back(table->number("spend")->values[row]);
    }
    const double mean_x = mean(x), mean_y = mean(y);
    for (std::size_t i = 0; i < x.size(); ++i) {
      xx += (x[i] - mean_x) * (x[i] - mean_x);
      xy += (x[i] - mean_x) * (y[i] - mean_y);
      yy += (y[i] - mean_y) * (y[i] - mean_y);
    }
  }
  const double kept = 1 - xy * xy / xx / yy;
  EXPECT_NEAR(cuped->effects[0].variance_kept, kept, 1e-9);
  EXPECT_LT(kept, 1);
  const double ratio = cuped->effects[0].difference.error / plain->effects[0].difference.error;
  EXPECT_NEAR(ratio, std::sqrt(kept), 1e-3);
}

}  // namespace
}  // namespace handsel::experiments

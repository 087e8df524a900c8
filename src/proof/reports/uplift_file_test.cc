#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "proof/reports/uplift_report.h"

namespace handsel::experiments {
namespace {

using testing::HasSubstr;

// A mail that moves those with x above 0, and nobody of shop b.
std::string table(double strength) {
  Rng rng(2);
  std::string out = "sent,x,shop,y\n";
  for (int i = 0; i < 4'000; ++i) {
    const bool sent = rng.chance(0.5);
    const double x = rng.normal();
    const bool b = rng.chance(0.3);
    const double y = rng.normal() + (sent && x > 0 && !b ? strength : 0);
    out += fmt::format("{},{},{},{}\n", sent ? "yes" : "no", x, b ? "b" : "a", y);
  }
  return out + "yes,,a,1\nlater,1,a,1\n";
}

UpliftRequest request() {
  UpliftRequest out;
  out.treatment = "sent";
  out.outcome = "y";
  out.features = {"x"};
  out.word_features = {"shop"};
  out.control = "no";
  out.treated = "yes";
  return out;
}

Result<UpliftReport> run(std::string_view csv, const UpliftRequest& wanted) {
  const auto source = catalog::memory_source("units.csv", csv);
  return uplift_file(*source, wanted);
}

TEST(UpliftFile, SaysWhoGainsMore) {
  const auto report = run(table(1), request());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->rows_incomplete, 1u);
  EXPECT_EQ(report->rows_other_arms, 1u);
  EXPECT_THAT(to_text(*report), HasSubstr("The forecast tells who gains more from 'yes' on y"));
  EXPECT_THAT(to_json(*report), HasSubstr("\"format\": \"handsel.uplift.1\""));
  EXPECT_THAT(to_html(*report), testing::AllOf(HasSubstr("<svg"), HasSubstr("shop=")));
}

TEST(UpliftFile, SaysThatNothingTells) {
  const auto report = run(table(0), request());
  ASSERT_TRUE(report);
  EXPECT_THAT(headline(*report), HasSubstr("treat all alike"));
}

TEST(UpliftFile, RefusesWhatCannotBe) {
  const auto error = [](auto change) {
    UpliftRequest wanted = request();
    change(wanted);
    const auto report = run("sent,x,shop,y\nyes,1,a,1\nno,2,b,2\n", wanted);
    return report ? std::string() : report.error().message;
  };
  EXPECT_THAT(error([](UpliftRequest&) {}), HasSubstr("needs 200 in each"));
  EXPECT_THAT(error([](UpliftRequest& r) { r.features = {"y"}; }), HasSubstr("named twice"));
  EXPECT_THAT(error([](UpliftRequest& r) { r.features.clear(), r.word_features.clear(); }), HasSubstr("--features"));
  EXPECT_THAT(error([](UpliftRequest& r) { r.control = "never"; }), HasSubstr("never says 'never'"));
}

// Radcliffe & Simpson's observation on these data: the women's mail moves visits, and more those who bought
// women's things before.
TEST(UpliftFile, HillstromWomensMail) {
  const std::string path = HANDSEL_SOURCE_DIR "/../shared/data/ab-hillstrom/hillstrom.csv.gz";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: no data";
  UpliftRequest wanted;
  wanted.treatment = "segment";
  wanted.control = "No E-Mail";
  wanted.treated = "Womens E-Mail";
  wanted.outcome = "visit";
  wanted.features = {"recency", "history", "mens", "womens", "newbie"};
  wanted.word_features = {"zip_code", "channel"};
  for (const auto learner : {estimators::UpliftLearner::kT, estimators::UpliftLearner::kX}) {
    wanted.options.learner = learner;
    const auto source = catalog::open_source(path);
    ASSERT_TRUE(source);
    const auto report = uplift_file(**source, wanted);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->uplift.units, 21'306u + 21'387u);
    EXPECT_NEAR(report->uplift.qini.effect.estimate, 0.15140 - 0.10617, 0.002);  // adjusted, so not to the digit
    EXPECT_GT(report->uplift.qini.coefficient.low, 0);
    EXPECT_GT(report->uplift.feature_importance[3], 0.1);  // womens
  }
}

}  // namespace
}  // namespace handsel::experiments

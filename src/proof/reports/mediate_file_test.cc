#include "proof/reports/mediate_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel::experiments {
namespace {

using testing::HasSubstr;

Result<MediationReport> run(std::string_view csv, const MediationRequest& request) {
  const auto source = catalog::memory_source("units.csv", csv);
  return mediate_file(*source, request);
}

MediationRequest small_request() {
  MediationRequest request;
  request.treatment = "t";
  request.mediators = {"m"};
  request.outcome = "y";
  return request;
}

constexpr std::string_view kSmall =
    "t,m,y,shop\n0,1,2,a\n0,2,3,a\n0,4,3,b\n0,3,5,b\n1,2,1,c\n1,5,4,c\n1,4,6,d\n1,7,5,d\n";

// The figures that come with the data.
TEST(MediateFile, JobsFieldExperimentInClassicalMode) {
  const std::string path = HANDSEL_SOURCE_DIR "/../shared/data/mediation/jobs.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: no data";
  const auto source = catalog::open_source(path);
  ASSERT_TRUE(source);
  MediationRequest request;
  request.treatment = "treat";
  request.mediators = {"job_seek"};
  request.outcome = "depress2";
  request.covariates = {"econ_hard", "sex", "age"};
  request.classical = true;
  const auto report = mediate_file(**source, request);
  ASSERT_TRUE(report) << report.error().message;
  const MediatorResult& result = report->mediators.at(0);
  EXPECT_EQ(result.classical.units, 899u);
  EXPECT_NEAR(result.classical.indirect[0].estimate, -0.015745, 1e-6);
  EXPECT_NEAR(result.classical.direct[0].estimate, -0.040265, 1e-6);
  EXPECT_NEAR(result.classical.total.estimate, -0.056009, 1e-6);
  EXPECT_NEAR(result.classical.sobel_error, 0.012489, 1e-6);
  EXPECT_NEAR(result.classical.share, 0.2811, 5e-5);
  ASSERT_TRUE(result.sensitivity);
  // The correlation of the residuals of job_seek and depress2 given treat, econ_hard, sex and age: the theorem's
  // crossing.
  EXPECT_NEAR(result.sensitivity->rho_at_zero, -0.27347, 1e-5);
  const auto& points = result.sensitivity->points;
  const auto nearest = std::ranges::min_element(points, {}, [](const auto& p) { return std::fabs(p.indirect); });
  EXPECT_NEAR(nearest->rho, -0.3, 1e-12);  // in steps of 0.1, as the R package's medsens looks
}

TEST(MediateFile, ReportsSayTheSameInEveryForm) {
  auto request = small_request();
  request.options.resamples = 20;
  const auto report = run(kSmall, request);
  ASSERT_TRUE(report) << report.error().message;
  const std::string sentence = headline(*report, report->mediators[0]);
  EXPECT_THAT(sentence, HasSubstr("did not measurably change y"));
  EXPECT_THAT(to_text(*report), testing::StartsWith(sentence));
  EXPECT_THAT(to_text(*report), HasSubstr("Identity"));
  EXPECT_THAT(to_json(*report), HasSubstr("\"gade_0\""));
  EXPECT_THAT(to_html(*report), HasSubstr("<svg"));
}

TEST(MediateFile, FewUnitsThatDecideAreWarnedOf) {
  std::string csv = "t,m,y\n";
  for (int i = 0; i < 400; ++i) csv += fmt::format("{},{},{}\n", i % 2, i % 7, i % 7 + i % 5);
  const MediationRequest request{.treatment = "t", .mediators = {"m"}, .outcome = "y", .covariates = {}, .options = {}};
  const auto even = run(csv, request);
  ASSERT_TRUE(even) << even.error().message;
  EXPECT_TRUE(warnings(*even, even->mediators[0]).empty());
  EXPECT_THAT(to_text(*even), testing::Not(HasSubstr("Warning")));
  const auto uneven = run(csv + "1,6,90000\n", request);
  ASSERT_TRUE(uneven) << uneven.error().message;
  const std::string sentence = "effect comes from 1 of 401 units";
  EXPECT_THAT(to_text(*uneven), HasSubstr("Warning: Half of the variance of the"));
  EXPECT_THAT(to_text(*uneven), HasSubstr(sentence));
  EXPECT_THAT(to_html(*uneven), HasSubstr(sentence));
  EXPECT_THAT(to_json(*uneven), HasSubstr(sentence));
}

TEST(MediateFile, TheTotalIsNearZeroOnlyWhereItsIntervalIsNarrow) {
  const auto effect = [](double estimate, double reach) {
    return mediation::Effect{.estimate = estimate, .low = estimate - reach, .high = estimate + reach};
  };
  MediatorResult result{.mediator = "clicks", .generalised = {}, .classical = {}, .sensitivity = {}};
  result.generalised.mediator_change = -1;
  result.generalised.direct = {effect(5, 1), effect(5, 1)};
  result.generalised.indirect = {effect(-4, 1), effect(-4, 1)};
  const auto sentence = [&](double total, double reach) {
    result.generalised.total = effect(total, reach);
    return headline({.outcome = "gms"}, result);
  };
  EXPECT_THAT(sentence(1, 2), testing::EndsWith("clicks is cannibalised and the total is near zero."));
  EXPECT_THAT(sentence(1, 4), testing::EndsWith("clicks is cannibalised and the total cannot be told from zero."));
  EXPECT_THAT(sentence(1, 0.5), testing::EndsWith("clicks is cannibalised."));
}

TEST(MediateFile, LeavesOutMissingValuesAndOtherArmsAndSaysSo) {
  auto request = small_request();
  request.control = "off";
  request.treated = "on";
  const auto report =
      run("t,m,y\noff,1,2\noff,2,3\noff,4,3\noff,3,5\non,2,1\non,5,4\non,4,6\non,7,5\non,,5\non,3,NA\nother,1,1\n",
          request);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->rows_read, 11u);
  EXPECT_EQ(report->rows_incomplete, 2u);
  EXPECT_EQ(report->rows_other_arms, 1u);
  EXPECT_EQ(report->mediators[0].generalised.units, 8u);
  EXPECT_THAT(to_text(*report), HasSubstr("Left out: 2 rows with a missing value"));
}

TEST(MediateFile, HostileNamesDoNotBreakThePage) {
  const auto report = run(kSmall, small_request());
  ASSERT_TRUE(report);
  auto hostile = *report;
  hostile.outcome = "<script>alert(1)</script>";
  EXPECT_EQ(to_html(hostile).find("<script>"), std::string::npos);
}

TEST(MediateFile, RefusesWithTheColumnAndTheLine) {
  struct Row {
    const char* csv;
    const char* outcome;
    const char* says;
  };
  for (const Row& row :
       {Row{"", "y", "is empty"}, Row{"t,m,y\n", "y", "never says 0"},
        Row{"t,m,y\n0,1,2\n", "z", "no column 'z'; the columns are: t, m, y"},
        Row{"t,m,y,y\n0,1,2,2\n", "y", "two columns are called 'y'"},
        Row{"t,m,y\n0,1,two\n", "y", "line 2, column 'y': 'two'"},
        Row{"t,m,y\n0,1,inf\n", "y", "line 2, column 'y': 'inf'"}, Row{"t,m,y\n0,1\n", "y", "line 2 has 2 cells"},
        Row{"t,m,y\na,1,2\nb,1,2\nc,1,2\n", "y", "3 arms"}, Row{"t,m,y\n0,1,2\n1,1,2\n", "m", "named twice"}}) {
    auto request = small_request();
    request.outcome = row.outcome;
    const auto report = run(row.csv, request);
    ASSERT_FALSE(report) << row.csv;
    EXPECT_THAT(report.error().message, HasSubstr(row.says)) << row.csv;
  }
}

TEST(MediateFile, ClustersAndWordsAreColumnsToo) {
  auto request = small_request();
  request.cluster = "shop";
  const auto clustered = run(kSmall, request);
  ASSERT_TRUE(clustered) << clustered.error().message;
  EXPECT_EQ(clustered->errors, "clusters of shop");
  request = small_request();
  request.word_covariates = {"kind"};
  const auto worded =
      run("t,m,y,kind\n0,1,2,a\n0,2,3,b\n0,4,3,a\n0,3,5,b\n1,2,1,a\n1,5,4,b\n1,4,6,a\n1,7,5,b\n1,3,3,b\n", request);
  ASSERT_TRUE(worded) << worded.error().message;
  EXPECT_EQ(worded->mediators[0].generalised.parameters.size(), 2 + 1 + 4 + 1 + 1 + 2u);
}

}  // namespace
}  // namespace handsel::experiments

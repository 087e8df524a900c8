// Expected values were computed with SciPy 1.17 and R; each row says how where it is
// not plain from the function.
#include "base/math/statistics.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel {
namespace {

// Student's data on sleep, hours gained under the second drug over the first (R: `sleep`).
const std::vector<double> kSleep = {1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4};

void expect_relative(double actual, double expected, double tolerance) {
  EXPECT_NEAR(actual, expected, std::fabs(expected) * tolerance);
}

TEST(Statistics, MeanAndVariance) {
  EXPECT_EQ(mean({}), 0);
  EXPECT_EQ(variance({}), 0);
  EXPECT_EQ(variance(std::vector{3.0}), 0);
  EXPECT_NEAR(mean(kSleep), 1.58, 1e-15);
  EXPECT_NEAR(variance(kSleep), 1.512888888888889, 1e-15);
  // One pass over squares would lose all digits of this one.
  EXPECT_NEAR(variance(std::vector{1e9 + 1, 1e9 + 2, 1e9 + 3}), 1, 1e-9);
}

TEST(Statistics, QuantilesAreOfTypeSeven) {
  const struct {
    double share;
    double expected;
  } rows[] = {{-1, 0}, {0, 0}, {0.1, 0.72}, {0.25, 1.05}, {0.5, 1.3}, {0.9, 2.62}, {1, 4.6}, {2, 4.6}};
  for (const auto& row : rows) EXPECT_NEAR(quantile(kSleep, row.share), row.expected, 1e-14) << row.share;
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
  EXPECT_EQ(quantile(std::vector{7.0}, 0.3), 7);
}

TEST(Statistics, IncompleteBeta) {
  const struct {
    double a, b, x, expected;
  } rows[] = {{0.5, 0.5, 0.3, 0.36901011956554536}, {2, 3, 0.5, 0.6875}, {10, 0.5, 0.9, 0.15164090963470994},
              {37, 0.5, 0.99, 0.390070900748873},   {1, 1, 0.25, 0.25},  {100, 200, 0.35, 0.7325714649575441},
              {5, 5, 1e-3, 1.2558053968507005e-13}, {3, 4, 0, 0},        {3, 4, 1, 1}};
  for (const auto& row : rows) expect_relative(incomplete_beta(row.a, row.b, row.x), row.expected, 1e-12);
}

TEST(Statistics, NormalQuantileInvertsTheDistribution) {
  const struct {
    double p, z;
  } rows[] = {{1e-300, -37.0470962993612},  {1e-20, -9.262340089798409},   {1e-5, -4.264890793922825},
              {0.025, -1.9599639845400545}, {0.3, -0.5244005127080409},    {0.5, 0},
              {0.975, 1.959963984540054},   {0.9999999, 5.199337582290661}};
  for (const auto& row : rows) EXPECT_NEAR(normal_quantile(row.p), row.z, 1e-13) << row.p;
  for (int i = 1; i < 1000; ++i) EXPECT_NEAR(normal_cdf(normal_quantile(i / 1000.0)), i / 1000.0, 1e-14);
}

TEST(Statistics, StudentSurvival) {
  const struct {
    double t, freedom, expected;
  } rows[] = {{0, 5, 0.5},
              {1, 1, 0.25},
              {2, 10, 0.03669401738537018},
              {-1.5, 3, 0.8847080673775886},
              {12.706204736432095, 1, 0.02499999999949565},
              {1.959963984540054, 1e6, 0.02500013864761085},
              {3.5, 74, 0.0003959051115069128},
              {10, 2, 0.004926228511662845},
              {0.1, 0.5, 0.4731658105643032},
              {40, 5, 9.205981085886477e-08}};
  // 1e-9: with a million degrees of freedom lgamma's differences keep ten digits.
  for (const auto& row : rows) expect_relative(student_t_survival(row.t, row.freedom), row.expected, 1e-9);
  EXPECT_EQ(student_t_survival(std::numeric_limits<double>::infinity(), 3), 0);
}

TEST(Statistics, PairedTTest) {
  EXPECT_NEAR(paired_t_test(kSleep), 0.002832890197384273, 1e-14);  // R: t.test(paired = TRUE)
  EXPECT_NEAR(paired_t_test(std::vector{0.1, -0.05, 0.2, 0.15, 0.0, 0.3, -0.1, 0.25}), 0.07693611128805906, 1e-14);
  EXPECT_EQ(paired_t_test(std::vector{1.0}), 1);
  EXPECT_EQ(paired_t_test(std::vector{0.0, 0.0, 0.0}), 1);
  EXPECT_EQ(paired_t_test(std::vector{2.0, 2.0, 2.0}), 0);
}

TEST(Statistics, RandomisationTestIsExactForFewPairs) {
  EXPECT_EQ(randomisation_test(kSleep, 10, 1), 4.0 / 1024);  // counted over all signs
  EXPECT_EQ(randomisation_test({}, 10, 1), 1);
  EXPECT_EQ(randomisation_test(std::vector<double>(5, 0.0), 10, 1), 1);
}

TEST(Statistics, RandomisationTestAgreesWithTForNormalDifferences) {
  Rng rng(7);
  std::vector<double> differences(80);
  for (double& value : differences) value = rng.normal() + 0.2;
  // With 20,000 rounds the standard error of p is below 0.002.
  EXPECT_NEAR(randomisation_test(differences, 20'000, 3), paired_t_test(differences), 0.01);
  const std::vector<double> constant(40, 0.5);
  EXPECT_EQ(randomisation_test(constant, 999, 3), 1.0 / 1000) << "never zero";
  EXPECT_EQ(randomisation_test(differences, 500, 3), randomisation_test(differences, 500, 3));
}

TEST(Statistics, BootstrapAgreesWithSciPyOnSkewedValues) {
  std::vector<double> values(20, 0.0);
  values.insert(values.end(), 5, 0.1);
  values.insert(values.end(), 3, 0.5);
  values.insert(values.end(), 2, 1.0);
  values.push_back(4.0);
  // scipy.stats.bootstrap, 200,000 resamples; 20,000 here leave about 0.01.
  const Interval percentile = bootstrap_mean(values, 20'000, 5);
  EXPECT_NEAR(percentile.low, 0.0645, 0.01);
  EXPECT_NEAR(percentile.high, 0.5613, 0.02);
  const Interval bca = bootstrap_mean_bca(values, 20'000, 5);
  EXPECT_NEAR(bca.low, 0.0968, 0.01);
  EXPECT_NEAR(bca.high, 0.7710, 0.04);
  EXPECT_EQ(bca.estimate, mean(values));
}

TEST(Statistics, BootstrapCoversTheMeanAboutAsOftenAsItSays) {
  const Rng rng(11);
  int covered = 0;
  constexpr int kTrials = 400;
  for (int trial = 0; trial < kTrials; ++trial) {
    Rng stream = rng.split(static_cast<std::uint64_t>(trial));
    std::vector<double> values(50);
    for (double& value : values) value = stream.normal();
    const Interval interval = bootstrap_mean(values, 400, stream());
    covered += interval.low <= 0 && interval.high >= 0;
  }
  // 95 % of 400 is 380, standard error 4.4; the percentile interval is a little narrow.
  EXPECT_GE(covered, 360);
  EXPECT_LE(covered, 395);
}

TEST(Statistics, BootstrapOfEdges) {
  const Interval nothing = bootstrap_mean({}, 100, 1);
  EXPECT_EQ(nothing.low, 0);
  EXPECT_EQ(nothing.high, 0);
  for (const auto& bootstrap : {bootstrap_mean, bootstrap_mean_bca}) {
    const Interval constant = bootstrap(std::vector<double>(9, 0.25), 100, 1, 0.95);
    EXPECT_EQ(constant.low, 0.25);
    EXPECT_EQ(constant.high, 0.25);
    const Interval one = bootstrap(kSleep, 300, 42, 0.95);
    const Interval two = bootstrap(kSleep, 300, 42, 0.95);
    EXPECT_EQ(one.low, two.low) << "the seed decides";
    EXPECT_LT(one.low, one.estimate);
    EXPECT_GT(one.high, one.estimate);
  }
}

// Against SciPy 1.11: stats.chi2.sf and stats.t.ppf.
TEST(Statistics, ChiSquareAndTheQuantilesOfStudentsT) {
  EXPECT_NEAR(chi_square_survival(3.841458820694124, 1), .05, 1e-14);
  EXPECT_NEAR(chi_square_survival(5.991464547107979, 2), .05, 1e-14);
  EXPECT_NEAR(chi_square_survival(1, 10), .9998278843700441, 1e-12);
  EXPECT_NEAR(chi_square_survival(100, 1) / 1.523970604832105e-23, 1, 1e-10);
  EXPECT_EQ(chi_square_survival(0, 3), 1);
  EXPECT_NEAR(student_t_quantile(.975, 1), 12.706204736174698, 1e-9);
  EXPECT_NEAR(student_t_quantile(.975, 10), 2.2281388519649385, 1e-10);
  EXPECT_NEAR(student_t_quantile(.025, 10), -2.2281388519649385, 1e-10);
  EXPECT_NEAR(student_t_quantile(.975, 1e9), 1.959963986, 1e-8);
}

}  // namespace
}  // namespace handsel

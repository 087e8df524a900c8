// The estimators against statsmodels 0.15 and SciPy 1.17 on small inputs, against each other where one is the special
// case of another, and against hostile input.
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "base/math/statistics.h"
#include "proof/estimators/adjustment.h"
#include "proof/estimators/bayes.h"
#include "proof/estimators/checks.h"
#include "proof/estimators/difference.h"
#include "proof/estimators/least_squares.h"
#include "proof/estimators/moments.h"
#include "proof/estimators/multiplicity.h"
#include "proof/estimators/sequential.h"

namespace handsel::estimators {
namespace {

using testing::HasSubstr;
using Values = std::vector<double>;

const double kInfinity = std::numeric_limits<double>::infinity();

// OLS(y, [1, n % 2, 7 n % 5]) of statsmodels with cov_type as named.
TEST(LeastSquares, ErrorsOfEveryKind) {
  const Values ones(12, 1.0);
  const Values y = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};
  Values odd, sevens;
  std::vector<std::uint32_t> clusters;
  for (std::uint32_t n = 0; n < 12; ++n) {
    odd.push_back(n % 2);
    sevens.push_back(n * 7 % 5);
    clusters.push_back(n / 3);
  }
  const std::vector<Column> columns = {{"1", ones}, {"odd", odd}, {"sevens", sevens}};
  const auto fit = least_squares(columns, y);
  ASSERT_TRUE(fit) << fit.error().message;
  EXPECT_THAT(fit->coefficients,
              testing::Pointwise(testing::DoubleNear(1e-8), Values{4.28571429, .72380952, -.17142857}));
  struct Row {
    Scale scale;
    Dependence dependence;
    Values errors;
  };
  const double few_clusters = std::sqrt(4.0 / 3);  // G / (G - 1), which statsmodels was told to leave out
  for (const Row& row :
       {Row{Scale::kHc0, {}, {0.87534712, 1.45252701, 0.4333287}},
        Row{Scale::kHc1, {}, {1.0107638, 1.67723372, 0.50036488}},
        Row{Scale::kHc2, {}, {1.040059, 1.67070957, 0.52316726}},
        Row{Scale::kHc3, {}, {1.23986391, 1.93155193, 0.63307491}},
        Row{Scale::kHc0, {.kind = Dependence::Kind::kSeries, .lags = 3}, {0.63130131, 1.4117319, 0.29330471}},
        Row{Scale::kHc0,
            {.kind = Dependence::Kind::kClusters, .clusters = clusters},
            {0.69704028 * few_clusters, 0.71411436 * few_clusters, 0.2244178 * few_clusters}}}) {
    Influence influence(12, 3);
    influence.set_fit(0, *fit, columns, row.scale);
    const auto v = covariance(influence, row.dependence);
    ASSERT_TRUE(v);
    for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(std::sqrt((*v)(j, j)), row.errors[j], 2e-8);
  }
}

TEST(LeastSquares, Refuses) {
  const Values ones(4, 1.0), x = {1, 2, 3, 4}, twice = {2, 4, 6, 8}, y = {1, 3, 2, 5}, bad = {1, 2, std::nan(""), 4};
  const auto says = [](const Result<Fit>& fit) { return fit ? std::string("no refusal") : fit.error().message; };
  EXPECT_THAT(says(least_squares(std::vector<Column>{{"1", ones}, {"x", x}, {"twice", twice}}, y)),
              HasSubstr("'twice'"));
  EXPECT_THAT(says(least_squares(std::vector<Column>{{"x", bad}}, y)), HasSubstr("'x' has a value that is not finite"));
  EXPECT_THAT(says(least_squares(std::vector<Column>{{"x", x}}, Values{1, 2})), HasSubstr("4 values, the outcome 2"));
  EXPECT_THAT(says(least_squares(std::vector<Column>{{"x", x}}, Values{})), HasSubstr("too few"));
}

const Values kControl = {1, 4, 2, 8, 5, 7, 1, 3};
const Values kTreated = {3, 9, 4, 8, 6, 7, 2, 12, 5, 6};

// scipy.stats.ttest_ind(treated, control, equal_var=False)
TEST(Difference, IsWelchs) {
  const auto pair = welch_pair(kControl, kTreated);
  ASSERT_TRUE(pair);
  const Difference got = difference_of(*pair, .95);
  EXPECT_NEAR(pair->freedom, 15.775510294702553, 1e-10);
  EXPECT_NEAR(got.p, .09884581655981452, 1e-12);
  EXPECT_NEAR(got.low, -.48839754679332437, 1e-10);
  EXPECT_NEAR(got.high, 5.138397546793325, 1e-10);
  EXPECT_NEAR(got.lift, 6.2 / 3.875 - 1, 1e-12);
}

TEST(Difference, OneUnitAClusterOrOneStratumIsThePlainAnswer) {
  const auto plain = welch_pair(kControl, kTreated);
  std::vector<std::uint32_t> first(8), second(10);
  for (std::uint32_t i = 0; i < 8; ++i) first[i] = i;
  for (std::uint32_t i = 0; i < 10; ++i) second[i] = 8 + i;
  const auto clustered = cluster_pair({kControl, first}, {kTreated, second}, 18);
  ASSERT_TRUE(clustered);
  EXPECT_NEAR(clustered->control_variance, plain->control_variance, 1e-12);
  EXPECT_NEAR(clustered->treated_variance, plain->treated_variance, 1e-12);
  EXPECT_EQ(clustered->freedom, 16);
  const std::vector<std::uint32_t> zero_c(8, 0), zero_t(10, 0);
  const auto stratified = stratum_pair({kControl, zero_c}, {kTreated, zero_t}, 1);
  ASSERT_TRUE(stratified);
  EXPECT_NEAR(stratified->control_variance, plain->control_variance, 1e-12);
  EXPECT_EQ(stratified->treated, plain->treated);
}

TEST(Difference, StrataRemoveWhatDiffersBetweenThem) {
  Values c, t;
  std::vector<std::uint32_t> strata;
  Rng rng(1);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    strata.push_back(i % 4);
    c.push_back(10.0 * (i % 4) + rng.normal());
    t.push_back(10.0 * (i % 4) + .5 + rng.normal());
  }
  const auto pair = stratum_pair({c, strata}, {t, strata}, 4);
  ASSERT_TRUE(pair);
  EXPECT_NEAR(difference_of(*pair, .95).error, std::sqrt(2.0 / 1000), .005);
  EXPECT_NEAR(difference_of(*pair, .95).estimate, .5, .2);
}

TEST(Difference, RefusesWhatSaysNothing) {
  struct Row {
    const char* what;
    Values control, treated;
    const char* says;
  };
  for (const Row& row :
       {Row{"empty", {}, {1, 2}, "control arm has 0"}, Row{"one unit", {1, 2}, {3}, "treated arm has 1"},
        Row{"constant", {2, 2, 2}, {2, 2}, "every unit has the same value"},
        Row{"missing", {1, std::nan("")}, {1, 2}, "not finite"},
        Row{"infinite", {1, 2}, {kInfinity, 2}, "not finite"}}) {
    for (const auto& got : {welch_pair(row.control, row.treated), proportion_pair(row.control, row.treated),
                            quantile_pair(row.control, row.treated, .5)}) {
      ASSERT_FALSE(got) << row.what;
      EXPECT_THAT(got.error().message, HasSubstr(row.says)) << row.what;
    }
  }
  EXPECT_FALSE(proportion_pair(Values{0, 2}, Values{0, 1}));
  EXPECT_FALSE(quantile_pair(kControl, kTreated, 1));
  // Constant within each arm, but not the same: no error, and no doubt.
  const auto constant = welch_pair(Values{1, 1}, Values{2, 2});
  ASSERT_TRUE(constant);
  EXPECT_EQ(difference_of(*constant, .95).p, 0);
  // A control of 0 has no lift.
  const auto zero = welch_pair(Values{-1, 1}, Values{1, 2});
  ASSERT_TRUE(zero);
  EXPECT_TRUE(std::isnan(difference_of(*zero, .95).lift));
  EXPECT_TRUE(std::isnan(difference_of(*zero, .95).lift_low));
}

TEST(Difference, QuantileErrorsAreThoseOfTheNormalDensity) {
  Rng rng(2);
  Values c, t;
  for (int i = 0; i < 40'000; ++i) {
    c.push_back(rng.normal());
    t.push_back(rng.normal() + .3);
  }
  for (const double share : {.1, .5, .9}) {
    const auto pair = quantile_pair(c, t, share);
    ASSERT_TRUE(pair);
    const double z = normal_quantile(share);
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * 3.14159265358979);
    const double expected = std::sqrt(share * (1 - share) / 40'000) / density;
    EXPECT_NEAR(std::sqrt(pair->control_variance), expected, .1 * expected);
    EXPECT_NEAR(pair->treated - pair->control, .3, .05);
  }
}

TEST(Adjustment, NarrowsByTheCorrelationAndKeepsTheEffect) {
  Rng rng(3);
  Values x[2], y[2];
  for (std::size_t arm = 0; arm < 2; ++arm) {
    for (int i = 0; i < 20'000; ++i) {
      x[arm].push_back(rng.normal());
      y[arm].push_back(static_cast<double>(arm) * .1 + 2 * x[arm].back() + rng.normal());
    }
  }
  const std::vector<ArmData> arms = {{y[0], {x[0]}}, {y[1], {x[1]}}};
  const std::vector<std::string> names = {"x"};
  for (const Adjustment how : {Adjustment::kCuped, Adjustment::kRegression}) {
    const auto got = adjust(arms, names, how);
    ASSERT_TRUE(got);
    EXPECT_NEAR(got->variance_kept, .2, .01);  // 1 - R^2 = 1 / 5
    EXPECT_NEAR(mean(got->values[1]) - mean(got->values[0]), .1, .04);
  }
}

// Lin's regression, written out: y on t, x - mean, and t (x - mean) has the adjusted difference as its coefficient of
// t.
TEST(Adjustment, IsTheRegressionWithInteractions) {
  const Values x_c = {1, 2, 4, 3, 6, 5, 2, 1}, x_t = {2, 5, 3, 6, 4, 4, 1, 7, 3, 5};
  const std::vector<ArmData> arms = {{kControl, {x_c}}, {kTreated, {x_t}}};
  const std::vector<std::string> names = {"x"};
  const auto got = adjust(arms, names, Adjustment::kRegression);
  ASSERT_TRUE(got);
  Values y = kControl, t(8, 0.0), x = x_c, product, ones(18, 1.0);
  y.insert(y.end(), kTreated.begin(), kTreated.end());
  t.insert(t.end(), 10, 1.0);
  x.insert(x.end(), x_t.begin(), x_t.end());
  const double centre = mean(x);
  for (double& value : x) value -= centre;
  for (std::size_t i = 0; i < 18; ++i) product.push_back(t[i] * x[i]);
  const auto fit = least_squares(std::vector<Column>{{"1", ones}, {"t", t}, {"x", x}, {"tx", product}}, y);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(mean(got->values[1]) - mean(got->values[0]), fit->coefficients[1], 1e-12);
}

TEST(Adjustment, RefusesAConstantCovariate) {
  const Values constant(8, 3.0), constant_t(10, 3.0);
  const std::vector<ArmData> arms = {{kControl, {constant}}, {kTreated, {constant_t}}};
  const std::vector<std::string> names = {"x"};
  EXPECT_FALSE(adjust(arms, names, Adjustment::kCuped));
}

// statsmodels.stats.multitest.multipletests
TEST(Multiplicity, HolmAndBenjaminiHochberg) {
  const Values p = {.01, .04, .03, .005};
  EXPECT_THAT(adjusted_p(p, Correction::kHolm),
              testing::Pointwise(testing::DoubleNear(1e-12), Values{.03, .06, .06, .02}));
  EXPECT_THAT(adjusted_p(p, Correction::kBenjaminiHochberg),
              testing::Pointwise(testing::DoubleNear(1e-12), Values{.02, .04, .04, .02}));
  EXPECT_EQ(adjusted_p(p, Correction::kNone), p);
  EXPECT_TRUE(adjusted_p(Values{}, Correction::kHolm).empty());
  const auto with_nothing = adjusted_p(Values{.01, std::nan("")}, Correction::kHolm);
  EXPECT_EQ(with_nothing[0], .01);
  EXPECT_TRUE(std::isnan(with_nothing[1]));
}

TEST(Checks, SampleRatioFlagsHalfAPercentInAMillionAndIsSilentAtHalf) {
  const Values even = {1, 1};
  EXPECT_LT(*sample_ratio_p(std::vector<std::uint64_t>{505'000, 495'000}, even), 1e-20);
  EXPECT_EQ(*sample_ratio_p(std::vector<std::uint64_t>{500'000, 500'000}, even), 1);
  EXPECT_GT(*sample_ratio_p(std::vector<std::uint64_t>{500'400, 499'600}, even), kAlarm);
  EXPECT_GT(*sample_ratio_p(std::vector<std::uint64_t>{900, 100}, Values{9, 1}), .99);
  EXPECT_FALSE(sample_ratio_p(std::vector<std::uint64_t>{5}, Values{1}));
  EXPECT_FALSE(sample_ratio_p(std::vector<std::uint64_t>{5, 5}, Values{1, 0}));
  EXPECT_EQ(missing_p(std::vector<std::uint64_t>{5, 5}, std::vector<std::uint64_t>{0, 0}), 1);
  EXPECT_LT(missing_p(std::vector<std::uint64_t>{900, 990}, std::vector<std::uint64_t>{100, 10}), kAlarm);
}

// The boundaries that the R package ldbounds and Lan & DeMets' own tables give for five even looks.
TEST(Sequential, BoundariesOfLanAndDeMets) {
  const Values even = {.2, .4, .6, .8, 1};
  const auto obrien = group_boundaries(even, .05, Spending::kObrienFleming);
  const auto pocock = group_boundaries(even, .05, Spending::kPocock);
  ASSERT_TRUE(obrien && pocock);
  EXPECT_THAT(*obrien, testing::Pointwise(testing::DoubleNear(2e-3), Values{4.8769, 3.3569, 2.6803, 2.2898, 2.0310}));
  EXPECT_THAT(*pocock, testing::Pointwise(testing::DoubleNear(2e-3), Values{2.4380, 2.4268, 2.4101, 2.3966, 2.3859}));
  EXPECT_NEAR((*group_boundaries(Values{1}, .05, Spending::kPocock))[0], normal_quantile(.975), 1e-9);
  for (const Values& wrong : {Values{}, Values{.5, .5}, Values{.5, .4}, Values{0, 1}, Values{.5, 1.1}}) {
    EXPECT_FALSE(group_boundaries(wrong, .05, Spending::kPocock));
  }
}

TEST(Sequential, TheIntervalAndThePValueSayTheSame) {
  const double ratio = mixture_ratio(10'000, .05);
  for (const double units : {100.0, 1e3, 1e4, 1e6}) {
    const double reach = always_valid_reach(units, ratio, .05);
    EXPECT_GT(reach, normal_quantile(.975));
    EXPECT_NEAR(always_valid_p(reach, units, ratio), .05, 1e-12);
  }
  EXPECT_EQ(always_valid_reach(99, ratio, .05), kInfinity);
  EXPECT_EQ(always_valid_p(50, 99, ratio), 1);
  // Tightest, within a little, at what was planned.
  for (const double factor : {.2, 5.0}) {
    EXPECT_LT(always_valid_reach(10'000, ratio, .05), always_valid_reach(10'000, ratio * factor, .05));
  }
}

// A small version of `make quality`: 2,000 A/A tests, looked at 30 times each.
TEST(Sequential, PeekingRaisesNoFalseAlarms) {
  constexpr int kTests = 2000;
  const double ratio = mixture_ratio(3000, .05);
  int fixed = 0;
  int always = 0;
  for (std::uint64_t test = 0; test < kTests; ++test) {
    Rng rng(test);
    double sum = 0;
    bool fixed_alarm = false;
    bool always_alarm = false;
    for (int look = 1; look <= 30; ++look) {
      sum += rng.normal() * 10;  // a hundred units of variance 1
      const double units = 100.0 * look;
      const double z = std::fabs(sum) / std::sqrt(units);
      fixed_alarm = fixed_alarm || z > normal_quantile(.975);
      always_alarm = always_alarm || z > always_valid_reach(units, ratio, .05);
    }
    fixed += fixed_alarm;
    always += always_alarm;
  }
  EXPECT_GT(fixed, .2 * kTests);
  EXPECT_LE(always, .05 * kTests);
}

TEST(Bayes, ShrinksToThePriorAndStatesItsLosses) {
  const Posterior got = posterior_of(.2, .1, .1, .95);
  EXPECT_NEAR(got.mean, .1, 1e-12);
  EXPECT_NEAR(got.deviation, .1 / std::sqrt(2), 1e-12);
  EXPECT_NEAR(got.better, normal_cdf(std::sqrt(2)), 1e-12);
  EXPECT_NEAR(got.loss_control - got.loss_treated, got.mean, 1e-12);
  EXPECT_EQ(posterior_of(.2, 0, .1, .95).better, 1);
  EXPECT_EQ(posterior_of(0, 0, 0, .95).better, .5);
}

TEST(Moments, MergedBlocksGiveWelchAndCuped) {
  Rng rng(6);
  Values y[2], x[2];
  Moments arms[2];
  for (std::size_t arm = 0; arm < 2; ++arm) {
    for (int i = 0; i < 3001; ++i) {
      x[arm].push_back(1e6 + rng.normal());
      y[arm].push_back(1e6 + static_cast<double>(arm) + x[arm].back() + rng.normal());
    }
    for (std::size_t first = 0; first < 3001; first += 450) {
      const std::size_t count = std::min<std::size_t>(450, 3001 - first);
      arms[arm].merge(Moments::of(std::span(y[arm]).subspan(first, count), std::span(x[arm]).subspan(first, count)));
    }
  }
  arms[0].merge(Moments{});
  const auto plain = moments_pair(arms[0], arms[1], false);
  const auto twin = welch_pair(y[0], y[1]);
  ASSERT_TRUE(plain && twin);
  EXPECT_NEAR(plain->treated - plain->control, twin->treated - twin->control, 1e-8);
  EXPECT_NEAR(plain->control_variance / twin->control_variance, 1, 1e-9);
  EXPECT_NEAR(plain->freedom, twin->freedom, 1e-4);
  const auto cuped = moments_pair(arms[0], arms[1], true);
  const std::vector<ArmData> data = {{y[0], {x[0]}}, {y[1], {x[1]}}};
  const std::vector<std::string> names = {"x"};
  const auto adjusted = adjust(data, names, Adjustment::kCuped);
  ASSERT_TRUE(cuped && adjusted);
  EXPECT_NEAR(cuped->treated - cuped->control, mean(adjusted->values[1]) - mean(adjusted->values[0]), 1e-8);
  EXPECT_NEAR(cuped->control_variance * 3001 / variance(adjusted->values[0]), 1, 1e-8);
}

TEST(Moments, Refuse) {
  const Moments one = Moments::of(Values{1}, {});
  const Moments two = Moments::of(Values{1, 3}, Values{5, 5});
  EXPECT_FALSE(moments_pair(one, two, false));
  EXPECT_TRUE(moments_pair(two, two, false));
  EXPECT_FALSE(moments_pair(two, two, true));  // x does not vary
  EXPECT_FALSE(moments_pair(Moments::of(Values{4, 4}, {}), Moments::of(Values{4, 4}, {}), false));
  EXPECT_FALSE(moments_pair(two, Moments::of(Values{1, kInfinity}, {}), false));
}

}  // namespace
}  // namespace handsel::estimators

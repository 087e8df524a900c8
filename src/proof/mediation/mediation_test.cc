#include "proof/mediation/mediation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "proof/mediation/moments.h"
#include "proof/mediation/sensitivity.h"
#include "proof/mediation/simulate.h"

namespace handsel::mediation {
namespace {

using testing::HasSubstr;

TEST(Mediation, DirectAndIndirectAddUpToTheDifferenceOfTheArms) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Simulated data = simulate(40 + seed * 20, seed % 2 == 0 ? Errors::kNormal : Errors::kSkewed, seed);
    const auto got = mediate(data.input(), {});
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_LT(std::fabs(got->identity_gap), 1e-12);
    EXPECT_NEAR(got->total.estimate, got->arm_difference.estimate, 1e-12);
    EXPECT_NEAR(got->direct[1].estimate + got->indirect[0].estimate, got->arm_difference.estimate, 1e-12);
    // The sum's error by the delta method is that of the regression on treatment alone.
    EXPECT_NEAR(got->total.error, got->arm_difference.error, 1e-10);
  }
}

// The variances as the paper writes them out, term by term: the twin of the gradients.
TEST(Mediation, ErrorsAreThoseOfTheWrittenFormulas) {
  const Simulated data = simulate(300, Errors::kSkewed, 3);
  const auto got = mediate(data.input(), {});
  ASSERT_TRUE(got);
  const auto& p = got->parameters;  // m0, m1, y0, y1, y2, y3
  const auto v = [&](std::size_t i, std::size_t j) { return got->covariance(i, j); };
  for (const double t : {0.0, 1.0}) {
    const double h = p[0] + p[1] * t;
    const double k = p[4] + p[5] * t;
    const double y3 = p[5];
    const double m1 = p[1];
    const double direct = v(3, 3) + h * h * v(5, 5) + y3 * y3 * v(0, 0) + y3 * y3 * t * t * v(1, 1) + 2 * h * v(3, 5) +
                          2 * y3 * v(3, 0) + 2 * y3 * t * v(3, 1) + 2 * h * y3 * v(5, 0) + 2 * h * y3 * t * v(5, 1) +
                          2 * y3 * y3 * t * v(0, 1);
    const double indirect = k * k * v(1, 1) + m1 * m1 * v(4, 4) + m1 * m1 * t * t * v(5, 5) + 2 * k * m1 * v(1, 4) +
                            2 * k * m1 * t * v(1, 5) + 2 * m1 * m1 * t * v(4, 5);
    EXPECT_NEAR(got->direct[t == 1].error, std::sqrt(direct), 1e-12);
    EXPECT_NEAR(got->indirect[t == 1].error, std::sqrt(indirect), 1e-12);
    EXPECT_NEAR(got->direct[t == 1].estimate, p[3] + y3 * h, 1e-12);
    EXPECT_NEAR(got->indirect[t == 1].estimate, m1 * k, 1e-12);
  }
}

// A small version of `make quality`, which runs 10,000 of them. 600 coverages of .95 have a
// standard error of .009.
TEST(Mediation, IntervalsCoverTheTruthWithUnmeasuredMediators) {
  constexpr int kRounds = 600;
  const Truth truth = truth_of_simulation();
  std::array<int, 5> covered{};
  for (int round = 0; round < kRounds; ++round) {
    const Simulated data = simulate(400, Errors::kNormal, 1000 + static_cast<std::uint64_t>(round));
    const auto got = mediate(data.input(), {});
    ASSERT_TRUE(got);
    const auto covers = [](const Effect& effect, double value) { return effect.low <= value && value <= effect.high; };
    for (std::size_t t = 0; t < 2; ++t) {
      covered[t] += covers(got->direct[t], truth.direct[t]);
      covered[2 + t] += covers(got->indirect[t], truth.indirect[t]);
    }
    covered[4] += covers(got->total, truth.total);
  }
  for (const int count : covered) EXPECT_NEAR(count / double{kRounds}, .95, .03);
}

TEST(Mediation, CovariatesRemoveWhatMediatorAndOutcomeHaveInCommon) {
  Rng rng(5);
  std::vector<double> t, m, y, x;
  for (int i = 0; i < 20'000; ++i) {
    t.push_back(i % 2);
    x.push_back(3 + rng.normal());
    m.push_back(.5 * t.back() + x.back() + rng.normal());
    y.push_back(.2 * t.back() + .4 * m.back() + 2 * x.back() + .1 * t.back() * m.back() + rng.normal());
  }
  const Input without{.treatment = t, .mediator = m, .outcome = y, .covariates = {}};
  Input with = without;
  with.covariates = {{"x", x}};
  const auto biased = mediate(without, {});
  const auto got = mediate(with, {});
  ASSERT_TRUE(biased && got);
  EXPECT_GT(biased->indirect[0].estimate, .5);
  EXPECT_NEAR(got->indirect[0].estimate, .2, 4 * got->indirect[0].error);
  EXPECT_NEAR(got->direct[0].estimate, .2 + .1 * 3, 4 * got->direct[0].error);  // the mediator's mean is 3
  EXPECT_LT(std::fabs(got->identity_gap), 1e-12);
}

TEST(Mediation, FewUnitsThatDecideAreSeen) {
  Simulated data = simulate(2'000, Errors::kNormal, 6);
  const auto even = mediate(data.input(), {});
  ASSERT_TRUE(even);
  for (const Effect& effect : {even->direct[0], even->direct[1], even->indirect[0], even->indirect[1], even->total}) {
    EXPECT_GT(effect.half_variance_units, 3 * kHalfVarianceUnitsMin);
    EXPECT_LT(effect.half_variance_units, kHalfVarianceUnitsMax);
  }
  const auto treated = static_cast<std::size_t>(std::ranges::find(data.treatment, 1.0) - data.treatment.begin());
  data.mediator[treated] = 6;
  data.outcome[treated] = 500;
  const auto uneven = mediate(data.input(), {});
  ASSERT_TRUE(uneven);
  EXPECT_EQ(uneven->indirect[1].half_variance_units, 1U);
  EXPECT_GT(uneven->indirect[0].half_variance_units, 100U);  // the control's line does not know that unit
  EXPECT_EQ(uneven->total.half_variance_units, 1U);
  std::vector<std::uint32_t> clusters(2'000);
  for (std::uint32_t i = 0; i < 2'000; ++i) clusters[i] = i / 2;
  const auto clustered =
      mediate(data.input(), {.dependence = {.kind = estimators::Dependence::Kind::kClusters, .clusters = clusters}});
  ASSERT_TRUE(clustered);
  EXPECT_EQ(clustered->indirect[1].half_variance_units, 1U);
  const auto series = mediate(data.input(), {.dependence = {.kind = estimators::Dependence::Kind::kSeries, .lags = 2}});
  ASSERT_TRUE(series);
  EXPECT_EQ(series->total.half_variance_units, 0U);
}

TEST(Mediation, ClustersOfCopiesHaveTheErrorsOfTheOriginals) {
  const Simulated once = simulate(200, Errors::kNormal, 9);
  Simulated copies;
  std::vector<std::uint32_t> clusters;
  for (std::uint32_t i = 0; i < 200; ++i) {
    for (int copy = 0; copy < 3; ++copy) {
      copies.treatment.push_back(once.treatment[i]);
      copies.mediator.push_back(once.mediator[i]);
      copies.outcome.push_back(once.outcome[i]);
      clusters.push_back(i);
    }
  }
  const auto original = mediate(once.input(), {});
  const auto naive = mediate(copies.input(), {});
  const auto clustered =
      mediate(copies.input(), {.dependence = {.kind = estimators::Dependence::Kind::kClusters, .clusters = clusters}});
  ASSERT_TRUE(original && naive && clustered);
  EXPECT_NEAR(naive->direct[0].error, original->direct[0].error / std::sqrt(3), 1e-9);
  EXPECT_NEAR(clustered->direct[0].error, original->direct[0].error * std::sqrt(200.0 / 199), 1e-9);
}

TEST(Mediation, NeweyWestGrowsWithWhatFollowsItself) {
  Rng rng(11);
  std::vector<double> t, m, y;
  double drift = 0;
  for (int i = 0; i < 2000; ++i) {
    drift = .9 * drift + rng.normal();
    t.push_back(i / 50 % 2);
    m.push_back(t.back() + rng.normal());
    y.push_back(m.back() + drift);
  }
  const Input input{.treatment = t, .mediator = m, .outcome = y, .covariates = {}};
  const auto plain = mediate(input, {});
  const auto series = mediate(input, {.dependence = {.kind = estimators::Dependence::Kind::kSeries, .lags = 30}});
  ASSERT_TRUE(plain && series);
  EXPECT_GT(series->direct[0].error, 2 * plain->direct[0].error);
  const auto zero = mediate(input, {.dependence = {.kind = estimators::Dependence::Kind::kSeries, .lags = 0}});
  EXPECT_EQ(zero->direct[0].error, plain->direct[0].error);
}

TEST(Mediation, BootstrapAgreesWithTheDeltaMethodAndRepeats) {
  const Simulated data = simulate(500, Errors::kSkewed, 21);
  const Options options{.resamples = 400, .seed = 4};
  const auto got = mediate(data.input(), options);
  const auto again = mediate(data.input(), options);
  ASSERT_TRUE(got && again);
  for (const Effect* effect : {&got->direct[0], &got->direct[1], &got->indirect[0], &got->indirect[1], &got->total}) {
    ASSERT_TRUE(effect->bootstrap);
    EXPECT_NEAR(effect->bootstrap->high - effect->bootstrap->low, effect->high - effect->low,
                .15 * (effect->high - effect->low));
  }
  EXPECT_EQ(got->direct[0].bootstrap->low, again->direct[0].bootstrap->low);
}

TEST(Mediation, RefusesWhatItCannotAnswer) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double nothing = std::nan("");
  struct Row {
    const char* what;
    std::vector<double> t, m, y, x;
    const char* says;
  };
  const std::vector<Row> rows = {
      {"empty", {}, {}, {}, {}, "no units"},
      {"unequal", {0, 1, 0}, {1, 2}, {1, 2, 3}, {}, "3, 2 and 3 values"},
      {"not an arm", {0, 1, 2, 0}, {1, 2, 3, 4}, {1, 2, 3, 4}, {}, "must be 0 or 1"},
      {"missing treatment", {0, 1, nothing, 0}, {1, 2, 3, 4}, {1, 2, 3, 4}, {}, "must be 0 or 1"},
      {"one-unit arm", {0, 0, 0, 0, 0, 1}, {1, 2, 3, 4, 5, 6}, {1, 2, 3, 1, 2, 3}, {}, "at least two"},
      {"no treated", {0, 0, 0, 0, 0}, {1, 2, 3, 4, 5}, {1, 2, 3, 1, 2}, {}, "at least two"},
      {"too few", {0, 0, 1, 1}, {1, 2, 3, 5}, {1, 2, 3, 1}, {}, "too few"},
      {"constant mediator", {0, 0, 0, 1, 1, 1}, {7, 7, 7, 7, 7, 7}, {1, 2, 3, 1, 2, 4}, {}, "'mediator' is constant"},
      {"mediator is the treatment", {0, 0, 0, 1, 1, 1}, {0, 0, 0, 1, 1, 1}, {1, 2, 3, 1, 2, 4}, {}, "'mediator'"},
      {"infinite", {0, 0, 0, 1, 1, 1}, {1, 2, infinity, 4, 5, 7}, {1, 2, 3, 1, 2, 4}, {}, "not finite"},
      {"missing outcome", {0, 0, 0, 1, 1, 1}, {1, 2, 3, 4, 5, 7}, {1, 2, nothing, 1, 2, 4}, {}, "not finite"},
      {"constant covariate",
       {0, 0, 0, 1, 1, 1, 0, 1},
       {1, 2, 3, 4, 5, 7, 3, 2},
       {1, 2, 3, 1, 2, 4, 5, 6},
       {2, 2, 2, 2, 2, 2, 2, 2},
       "'x' is constant"},
      {"covariate repeats the mediator",
       {0, 0, 0, 1, 1, 1, 0, 1},
       {1, 2, 3, 4, 5, 7, 3, 2},
       {1, 2, 3, 1, 2, 4, 5, 6},
       {1, 2, 3, 4, 5, 7, 3, 2},
       "'x' is constant or explained"},
  };
  for (const Row& row : rows) {
    Input input{.treatment = row.t, .mediator = row.m, .outcome = row.y, .covariates = {}};
    if (!row.x.empty()) input.covariates.push_back({"x", row.x});
    const auto got = mediate(input, {});
    ASSERT_FALSE(got) << row.what;
    EXPECT_THAT(got.error().message, HasSubstr(row.says)) << row.what;
  }
}

TEST(Sensitivity, RefusesWhatItCannotAnswer) {
  const std::vector<double> t = {0, 0, 0, 1, 1, 1};
  const std::vector<double> m = {1, 2, 3, 2, 5, 7};
  const std::vector<double> exact = {2, 4, 6, 5, 11, 15};  // 2 m + t: nothing is left to vary
  EXPECT_FALSE(sensitivity({.treatment = t, .mediator = m, .outcome = {}, .covariates = {}}, {}));
  EXPECT_FALSE(sensitivity({.treatment = t, .mediator = t, .outcome = exact, .covariates = {}}, {}));
  const auto got = sensitivity({.treatment = t, .mediator = m, .outcome = exact, .covariates = {}}, {});
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message, HasSubstr("explain everything"));
}

TEST(Mediation, HugeAndTinyUnitsGiveTheSameAnswerScaled) {
  const Simulated data = simulate(300, Errors::kNormal, 2);
  const auto plain = mediate(data.input(), {});
  Simulated scaled = data;
  for (double& value : scaled.outcome) value = value * 1e9 + 1e12;
  for (double& value : scaled.mediator) value *= 1e-7;
  const auto got = mediate(scaled.input(), {});
  ASSERT_TRUE(plain && got) << got.error().message;
  EXPECT_NEAR(got->direct[1].estimate / 1e9, plain->direct[1].estimate, 1e-5);
  EXPECT_NEAR(got->indirect[0].z, plain->indirect[0].z, 1e-4);
}

TEST(Sensitivity, IsTheEffectAtRhoZeroAndCrossesZeroWhereItSays) {
  const Simulated data = simulate(1000, Errors::kNormal, 17);
  const auto classical = mediate(data.input(), {.interaction = false});
  const auto got = sensitivity(data.input(), {});
  ASSERT_TRUE(classical && got);
  const auto& at_zero = got->points[9];
  EXPECT_EQ(at_zero.rho, 0);
  EXPECT_NEAR(at_zero.indirect, classical->indirect[0].estimate, 1e-12);
  EXPECT_NEAR(at_zero.high - at_zero.low, classical->indirect[0].high - classical->indirect[0].low, 1e-10);
  // The expression of Imai, Keele & Yamamoto 2010, Theorem 2, with the reduced equation of the outcome.
  std::vector<double> ones(data.outcome.size(), 1.0);
  const std::vector<estimators::Column> columns = {{"1", ones}, {"t", data.treatment}};
  const auto reduced = estimators::least_squares(columns, data.outcome);
  const auto mediator = estimators::least_squares(columns, data.mediator);
  ASSERT_TRUE(reduced && mediator);
  double product = 0;
  for (std::size_t i = 0; i < ones.size(); ++i) product += reduced->residuals[i] * mediator->residuals[i];
  const double r = product / std::sqrt(reduced->residual_squares * mediator->residual_squares);
  EXPECT_NEAR(got->rho_at_zero, r, 1e-12);
  for (const auto& point : got->points) {
    const double expected = mediator->coefficients[1] *
                            std::sqrt(reduced->residual_squares / mediator->residual_squares) *
                            (r - point.rho * std::sqrt((1 - r * r) / (1 - point.rho * point.rho)));
    EXPECT_NEAR(point.indirect, expected, 1e-12);
  }
}

TEST(MediationMoments, OnePassGivesTheNumbersOfTheTwoRegressions) {
  const Simulated data = simulate(5000, Errors::kSkewed, 31);
  const auto twin = mediate(data.input(), {});
  ASSERT_TRUE(twin);
  for (const Pilot pilot : {Pilot{}, Pilot{.mediator = .3, .outcome = .8}, Pilot{.mediator = -20, .outcome = 30}}) {
    std::vector<ArmMoments> arms = {ArmMoments(pilot), ArmMoments(pilot)};
    for (std::size_t first = 0; first < 5000; first += 700) {  // blocks that are merged
      std::vector<double> m[2], y[2];
      for (std::size_t i = first; i < std::min<std::size_t>(5000, first + 700); ++i) {
        const auto arm = static_cast<std::size_t>(data.treatment[i]);
        m[arm].push_back(data.mediator[i]);
        y[arm].push_back(data.outcome[i]);
      }
      for (std::size_t arm = 0; arm < 2; ++arm) {
        ArmMoments block(pilot);
        block.add(m[arm], y[arm]);
        arms[arm].merge(block);
      }
    }
    const auto got = mediate_moments(arms[0], arms[1], .95);
    ASSERT_TRUE(got) << got.error().message;
    const auto same = [](const Effect& a, const Effect& b) {
      EXPECT_NEAR(a.estimate, b.estimate, 1e-9);
      EXPECT_NEAR(a.error, b.error, 1e-8);
      EXPECT_NEAR(a.percent_low, b.percent_low, 1e-5);
    };
    for (std::size_t t = 0; t < 2; ++t) {
      same(got->direct[t], twin->direct[t]);
      same(got->indirect[t], twin->indirect[t]);
    }
    same(got->total, twin->total);
    same(got->arm_difference, twin->arm_difference);
    EXPECT_EQ(got->units, 5000u);
    EXPECT_EQ(got->treated, twin->treated);
  }
}

TEST(MediationMoments, Refuse) {
  ArmMoments none({}), constant({}), fine({}), infinite({});
  constant.add(std::vector<double>{7, 7, 7, 7}, std::vector<double>{1, 2, 3, 4});
  fine.add(std::vector<double>{7, 8, 7, 9}, std::vector<double>{1, 2, 3, 4});
  infinite.add(std::vector<double>{7, 8, 1e300, 9}, std::vector<double>{1, 2, 3, 4});
  EXPECT_FALSE(mediate_moments(none, fine, .95));
  EXPECT_FALSE(mediate_moments(constant, fine, .95));
  EXPECT_FALSE(mediate_moments(fine, infinite, .95));
  EXPECT_TRUE(mediate_moments(fine, fine, .95));
}

}  // namespace
}  // namespace handsel::mediation

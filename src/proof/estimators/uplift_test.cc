#include "proof/estimators/uplift.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "base/math/statistics.h"

namespace handsel::estimators {
namespace {

// Effects that grow with x where the sign says so: tau = strength * (x > 0) - strength / 2 * (w > 1).
struct Drawn {
  std::vector<double> treatment, outcome, x, w, noise, effect;

  UpliftInput input() const {
    return {.treatment = treatment, .outcome = outcome, .features = {{"x", x}, {"w", w}, {"noise", noise}}};
  }
};

Drawn draw(std::size_t units, double strength, std::uint64_t seed) {
  Rng rng(seed);
  Drawn out;
  for (std::size_t i = 0; i < units; ++i) {
    const double x = rng.normal();
    const double w = rng.normal();
    const double t = rng.chance(0.4) ? 1 : 0;
    const double effect = strength * (x > 0 ? 1 : 0) - strength / 2 * (w > 1 ? 1 : 0);
    out.x.push_back(x);
    out.w.push_back(w);
    out.noise.push_back(rng.normal());
    out.treatment.push_back(t);
    out.effect.push_back(effect);
    out.outcome.push_back(w + x + t * effect + rng.normal());
  }
  return out;
}

TEST(RegressionTrees, FindAStepAndLeaveAConstantAlone) {
  Rng rng(3);
  std::vector<double> x, y, constant;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    x.push_back(i % 50 == 0 ? std::nan("") : rng.uniform());
    y.push_back(std::isnan(x.back()) ? 7 : x.back() < 0.3 ? 1 : 4);
    constant.push_back(5);
    rows.push_back(i);
  }
  const std::vector<Column> columns = {{"x", x}, {"constant", constant}};
  const auto binned = BinnedColumns::of(columns);
  ASSERT_TRUE(binned);
  const auto trees = BoostedTrees::fit(*binned, rows, y, {.trees = 200, .leaf_min = 10});
  ASSERT_TRUE(trees) << trees.error().message;
  std::size_t far = 0;
  for (const std::uint32_t row : rows) far += std::fabs(trees->predict(*binned, row) - y[row]) > 0.3;
  EXPECT_LT(far, 60u);  // the bin that the step lies in
  EXPECT_GT(trees->gains()[0], 0);
  EXPECT_EQ(trees->gains()[1], 0);
  const auto flat = BoostedTrees::fit(*binned, rows, constant, {});
  ASSERT_TRUE(flat);
  EXPECT_DOUBLE_EQ(flat->predict(*binned, 1), 5);
}

TEST(RegressionTrees, RefuseWhatTheyCannotLearn) {
  const std::vector<double> x = {1, 2, 3};
  const std::vector<Column> columns = {{"x", x}};
  const auto binned = BinnedColumns::of(columns);
  ASSERT_TRUE(binned);
  const std::vector<std::uint32_t> rows = {0, 1, 2};
  EXPECT_FALSE(BoostedTrees::fit(*binned, {}, {}, {}));
  EXPECT_FALSE(BoostedTrees::fit(*binned, rows, std::vector<double>{1, 2, INFINITY}, {}));
  EXPECT_FALSE(BoostedTrees::fit(*binned, rows, x, {.rate = 0}));
  EXPECT_FALSE(BinnedColumns::of({}));
  EXPECT_DOUBLE_EQ(BoostedTrees::fit(*binned, rows, x, {})->predict(*binned, 0), 2);  // too few to split: the mean
}

// By the definition, with loops: the area between Q(s) and s Q(1), Q a line between units.
double area_of(const std::vector<double>& gains_in_order) {
  const auto n = static_cast<double>(gains_in_order.size());
  double whole = 0;
  for (const double gain : gains_in_order) whole += gain / n;
  double area = 0;
  double so_far = 0;
  for (std::size_t i = 0; i < gains_in_order.size(); ++i) {
    const double next = so_far + gains_in_order[i] / n;
    area += (so_far + next) / 2 / n - whole * (static_cast<double>(i) + 0.5) / n / n;
    so_far = next;
  }
  return area;
}

TEST(Qini, IsTheAreaUnderItsCurve) {
  const std::vector<double> gains = {3, -1, 2, 0.5, -2, 1};
  const std::vector<double> scores = {6, 5, 4, 3, 2, 1};
  const auto qini = qini_of(scores, gains, std::vector<std::uint32_t>(6, 0), 0.95);
  ASSERT_TRUE(qini);
  EXPECT_NEAR(qini->coefficient.estimate, area_of(gains), 1e-12);
  EXPECT_NEAR(qini->effect.estimate, 3.5 / 6, 1e-12);
  EXPECT_NEAR(qini->curve.back().gain.estimate, 3.5 / 6, 1e-12);
  EXPECT_DOUBLE_EQ(qini->curve.front().gain.estimate, 0);
  // A score that says nothing.
  const auto flat = qini_of(std::vector<double>(6, 1), gains, std::vector<std::uint32_t>(6, 0), 0.95);
  ASSERT_TRUE(flat);
  EXPECT_NEAR(flat->coefficient.estimate, 0, 1e-12);
}

TEST(Qini, ErrorIsTheSpread) {
  std::vector<double> estimates;
  double errors = 0;
  for (std::uint64_t run = 0; run < 400; ++run) {
    Rng rng(run + 1);
    std::vector<double> scores, gains;
    for (int i = 0; i < 500; ++i) {
      scores.push_back(rng.normal());
      gains.push_back(1 + scores.back() + 3 * rng.normal());
    }
    const auto qini = qini_of(scores, gains, std::vector<std::uint32_t>(500, 0), 0.95);
    ASSERT_TRUE(qini);
    estimates.push_back(qini->coefficient.estimate);
    errors += qini->coefficient.error / 400;
  }
  EXPECT_NEAR(errors / std::sqrt(variance(estimates)), 1, 0.12);  // 400 runs know it to 4 %
}

TEST(Uplift, FindsWhomTheTreatmentMoves) {
  for (const UpliftLearner learner : {UpliftLearner::kT, UpliftLearner::kX}) {
    const Drawn drawn = draw(12'000, 1, 5);
    const auto found = uplift_of(drawn.input(), {.learner = learner});
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_GT(found->qini.coefficient.low, 0);
    EXPECT_LT(found->groups.front().effect.high, found->groups.back().effect.low);
    EXPECT_GT(found->feature_importance[0], found->feature_importance[2]);
    const double truth = mean(drawn.effect);
    EXPECT_GT(truth, found->qini.effect.low);
    EXPECT_LT(truth, found->qini.effect.high);
    // The truth as a score is at least as good, and noise knows nothing.
    std::vector<double> true_effect, nothing;
    for (const std::uint32_t unit : found->judged) {
      true_effect.push_back(drawn.effect[unit]);
      nothing.push_back(drawn.noise[unit]);
    }
    const std::vector<std::uint32_t> one_fold(nothing.size(), 0);
    const auto best = qini_of(true_effect, found->gains, one_fold, 0.95);
    const auto noise = qini_of(nothing, found->gains, one_fold, 0.95);
    ASSERT_TRUE(best && noise);
    EXPECT_GT(best->coefficient.estimate, 0.9 * found->qini.coefficient.estimate);
    EXPECT_GT(best->coefficient.low, noise->coefficient.high);
    EXPECT_LT(noise->coefficient.low, 0);
    EXPECT_GT(noise->coefficient.high, 0);
  }
}

TEST(Uplift, WhereNothingDiffersTheIntervalCoversZero) {
  std::size_t covered = 0;
  constexpr std::size_t kRuns = 200;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    const Drawn drawn = draw(1'500, 0, 100 + run);
    const auto found = uplift_of(drawn.input(), {.trees = {.trees = 20}});
    ASSERT_TRUE(found);
    covered += found->qini.coefficient.low <= 0 && found->qini.coefficient.high >= 0;
  }
  EXPECT_GE(covered, 181u);  // 190 expected, give or take 3
}

TEST(Uplift, IsTheSameAgain) {
  const Drawn drawn = draw(1'000, 1, 9);
  EXPECT_EQ(uplift_of(drawn.input(), {})->forecasts, uplift_of(drawn.input(), {})->forecasts);
}

TEST(Uplift, RefusesWhatItCannotRead) {
  Drawn drawn = draw(1'000, 1, 9);
  EXPECT_FALSE(uplift_of({.treatment = drawn.treatment, .outcome = drawn.outcome, .features = {}}, {}));
  EXPECT_FALSE(uplift_of(drawn.input(), {.folds = 1}));
  const std::span<const double> few(drawn.treatment.data(), 300);
  EXPECT_FALSE(uplift_of({.treatment = few, .outcome = std::span(drawn.outcome).first(300), .features = {}}, {}));
  drawn.outcome[3] = std::nan("");
  EXPECT_FALSE(uplift_of(drawn.input(), {}));
  drawn.outcome[3] = 0;
  drawn.treatment[3] = 0.5;
  EXPECT_FALSE(uplift_of(drawn.input(), {}));
}

}  // namespace
}  // namespace handsel::estimators

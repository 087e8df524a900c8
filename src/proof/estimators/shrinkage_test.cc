#include "proof/estimators/shrinkage.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::estimators {
namespace {

// By hand: weights 1, 1, 1/4; y_w = (0 + 3 + 1.5) / 2.25 = 2; Q = 4 + 1 + 16 / 4 = 9; spread 2.25 - 2.0625 / 2.25 =
// 4/3; t^2 = (9 - 2) / (4/3) = 5.25; weights 1/6.25, 1/6.25, 1/9.25.
TEST(Shrinkage, AgreesWithTheFormulaByHand) {
  const auto shrunk = shrink(std::vector<MeasuredEffect>{{0, 1}, {3, 1}, {6, 2}});
  ASSERT_TRUE(shrunk);
  EXPECT_NEAR(shrunk->deviation * shrunk->deviation, 5.25, 1e-12);
  const double mean = (3 / 6.25 + 6 / 9.25) / (2 / 6.25 + 1 / 9.25);
  EXPECT_NEAR(shrunk->mean, mean, 1e-12);
  EXPECT_NEAR(shrunk->effects[0].estimate, mean / 6.25, 1e-12);
  EXPECT_NEAR(shrunk->effects[2].estimate, mean * 4 / 9.25 + 6 * 5.25 / 9.25, 1e-12);
  EXPECT_NEAR(shrunk->effects[2].error, std::sqrt(4 * 5.25 / 9.25), 1e-12);
}

TEST(Shrinkage, EffectsThatDifferByChanceAloneBecomeOne) {
  const auto shrunk = shrink(std::vector<MeasuredEffect>{{1, 1}, {1.1, 1}, {0.9, 1}});
  ASSERT_TRUE(shrunk);
  EXPECT_EQ(shrunk->deviation, 0);
  for (const MeasuredEffect& effect : shrunk->effects) EXPECT_NEAR(effect.estimate, 1, 1e-12);
}

TEST(Shrinkage, ComesNearerToTheTruthThanTheEffectsThemselves) {
  Rng rng(11);
  std::vector<MeasuredEffect> measured;
  std::vector<double> truth;
  for (int i = 0; i < 400; ++i) {
    truth.push_back(0.01 + 0.02 * rng.normal());
    const double error = 0.01 + 0.04 * rng.uniform();
    measured.push_back({truth.back() + error * rng.normal(), error});
  }
  const auto shrunk = shrink(measured);
  ASSERT_TRUE(shrunk);
  EXPECT_NEAR(shrunk->mean, 0.01, 0.005);
  EXPECT_NEAR(shrunk->deviation, 0.02, 0.006);
  double plain = 0, pulled = 0, covered = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    plain += std::pow(measured[i].estimate - truth[i], 2);
    pulled += std::pow(shrunk->effects[i].estimate - truth[i], 2);
    covered += std::fabs(shrunk->effects[i].estimate - truth[i]) < 1.96 * shrunk->effects[i].error ? 1 : 0;
  }
  EXPECT_LT(pulled, 0.6 * plain);
  EXPECT_NEAR(covered / 400, 0.95, 0.04);
}

TEST(Shrinkage, WhatCannotBeShrunkIsRefused) {
  EXPECT_FALSE(shrink(std::vector<MeasuredEffect>{{1, 1}, {2, 1}}));
  EXPECT_FALSE(shrink(std::vector<MeasuredEffect>{{1, 1}, {2, 0}, {3, 1}}));
  EXPECT_FALSE(shrink(std::vector<MeasuredEffect>{{1, 1}, {std::nan(""), 1}, {3, 1}}));
}

}  // namespace
}  // namespace handsel::estimators

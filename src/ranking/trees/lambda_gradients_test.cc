#include "ranking/trees/lambda_gradients.h"

#include <cmath>

#include <gtest/gtest.h>

#include "ranking/trees/ndcg.h"

namespace handsel::trees {
namespace {

RankingRows one_group(std::vector<float> gains) {
  RankingRows rows{.features = {"a"}, .values = std::vector<float>(gains.size()), .gains = std::move(gains)};
  rows.ends = {rows.rows()};
  return rows;
}

// The change of NDCG is computed the long way here: by changing the two scores' places.
TEST(LambdaGradients, ArePairsTimesTheChangeOfNdcg) {
  const RankingRows rows = one_group({0, 3, 1, 0, 7});
  const std::vector<float> scores = {2.0f, 1.5f, 1.0f, 0.5f, -1.0f};
  const double now = ndcg(scores, rows.gains, 5);
  std::vector<double> expected(5);
  std::vector<double> expected_hessians(5);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      if (rows.gains[i] <= rows.gains[j]) continue;
      std::vector<float> swapped = scores;
      std::swap(swapped[i], swapped[j]);
      const double change = std::abs(ndcg(swapped, rows.gains, 5) - now);
      const double rho = 1 / (1 + std::exp(scores[i] - scores[j]));
      expected[i] -= rho * change;
      expected[j] += rho * change;
      expected_hessians[i] += rho * (1 - rho) * change;
      expected_hessians[j] += rho * (1 - rho) * change;
    }
  }
  std::vector<float> gradients(5);
  std::vector<float> hessians(5);
  lambda_gradients(rows, scores, {.normalise = false}, gradients, hessians);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(gradients[i], expected[i], 1e-6);
    EXPECT_NEAR(hessians[i], expected_hessians[i], 1e-6);
  }
}

TEST(LambdaGradients, PullUpWhatIsBetterAndSumToNothing) {
  const RankingRows rows = one_group({0, 1, 0, 3});
  std::vector<float> gradients(4);
  std::vector<float> hessians(4);
  for (const bool normalise : {false, true}) {
    lambda_gradients(rows, std::vector<float>{3, 2, 1, 0}, {.normalise = normalise}, gradients, hessians);
    EXPECT_LT(gradients[3], 0);
    EXPECT_GT(gradients[0], 0);
    EXPECT_NEAR(gradients[0] + gradients[1] + gradients[2] + gradients[3], 0, 1e-6);
    for (const float hessian : hessians) EXPECT_GT(hessian, 0);
  }
}

TEST(LambdaGradients, WeightsOfAPairMultiply) {
  RankingRows rows = one_group({1, 0});
  std::vector<float> plain(2);
  std::vector<float> weighted(2);
  std::vector<float> hessians(2);
  const std::vector<float> scores = {0, 1};
  lambda_gradients(rows, scores, {.normalise = false}, plain, hessians);
  rows.weights = {3, 2};
  lambda_gradients(rows, scores, {.normalise = false}, weighted, hessians);
  EXPECT_NEAR(weighted[0], 6 * plain[0], 1e-6);
}

TEST(LambdaGradients, SayNothingWhereThereIsNothingToSay) {
  std::vector<float> gradients(3, 9);
  std::vector<float> hessians(3, 9);
  for (const std::vector<float>& gains : {std::vector<float>{0, 0, 0}, {2, 2, 2}}) {
    lambda_gradients(one_group(gains), std::vector<float>{1, 2, 3}, {}, gradients, hessians);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(gradients[i], 0);
  }
}

TEST(LambdaGradients, PairsBeyondTheTruncationDoNotCount) {
  const RankingRows rows = one_group({1, 0, 3, 0});
  std::vector<float> gradients(4);
  std::vector<float> hessians(4);
  lambda_gradients(rows, std::vector<float>{4, 3, 2, 1}, {.truncation = 1, .normalise = false}, gradients, hessians);
  EXPECT_LT(gradients[2], 0);                  // against the first
  EXPECT_LT(gradients[0], gradients[2] * -1);  // held back by it, helped by the others
  lambda_gradients(rows, std::vector<float>{2, 4, 3, 1}, {.truncation = 1, .normalise = false}, gradients, hessians);
  EXPECT_EQ(gradients[3], 0);  // shares no pair with the first: both have no gain
}

TEST(Ndcg, OfHand) {
  EXPECT_DOUBLE_EQ(ndcg(std::vector<float>{3, 2, 1}, std::vector<float>{1, 0, 3}, 2), 1 / (3 + 1 / std::log2(3.0)));
  EXPECT_DOUBLE_EQ(ndcg(std::vector<float>{1, 2}, std::vector<float>{1, 3}, 10), 1);
  EXPECT_TRUE(std::isnan(ndcg(std::vector<float>{1, 2}, std::vector<float>{0, 0}, 10)));
  const float nan = std::nanf("");
  EXPECT_DOUBLE_EQ(ndcg(std::vector<float>{nan, 2}, std::vector<float>{0, 3}, 1), 1);
}

}  // namespace
}  // namespace handsel::trees

#include "ranking/trees/linear_learner.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "ranking/trees/ndcg.h"

namespace handsel::trees {
namespace {

// Columns on very different scales; truth = a - 0.5 b / 1000.
RankingRows planted(std::uint64_t seed, std::size_t groups) {
  Rng rng(seed);
  RankingRows rows{.features = {"a", "b", "noise", "constant"}};
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t i = 0; i < 15; ++i) {
      const double a = rng.normal();
      const double b = 1000 * rng.normal() + 5000;
      const double truth = a - 0.5 * b / 1000 + 2.5 + 0.3 * rng.normal();
      for (const double value : {a, b, rng.normal(), 7.0}) rows.values.push_back(static_cast<float>(value));
      if (rng.chance(0.05)) rows.values[rows.values.size() - 4] = std::numeric_limits<float>::quiet_NaN();
      rows.gains.push_back(truth > 1.5 ? 3 : truth > 0.5 ? 1 : 0);
    }
    rows.ends.push_back(rows.gains.size());
  }
  return rows;
}

double weight_of(const TreeEnsemble& ensemble, std::uint32_t column) {
  for (const LinearTerm& term : ensemble.parts().linear) {
    if (term.column == column) return term.weight;
  }
  return 0;
}

TEST(LinearLearner, FindsThePlantedDirection) {
  const auto learned = train_linear(planted(1, 100), {});
  ASSERT_TRUE(learned) << learned.error().message;
  const double a = weight_of(*learned, 0);
  EXPECT_GT(a, 0.3);
  EXPECT_NEAR(weight_of(*learned, 1) * 1000 / a, -0.5, 0.1);
  EXPECT_NEAR(weight_of(*learned, 2) / a, 0, 0.1);
  EXPECT_EQ(weight_of(*learned, 3), 0);

  const RankingRows test = planted(2, 50);
  std::vector<float> scores(test.rows());
  learned->predict(test.values, scores);
  EXPECT_GT(mean_of_known(ndcg_of_groups(test, scores, 10)), 0.93);
}

TEST(LinearLearner, StaysNearItsStartWhereDataSayNothing) {
  RankingRows flat = planted(1, 10);
  std::ranges::fill(flat.gains, 1.0f);
  const auto learned = train_linear(flat, {.start = {{.column = 2, .weight = 3}}});
  ASSERT_TRUE(learned);
  EXPECT_NEAR(weight_of(*learned, 2), 3, 1e-5);
  EXPECT_EQ(learned->parts().linear.size(), 1u);
}

TEST(LinearLearner, IncreasingFeaturesGetNoNegativeWeight) {
  const auto learned = train_linear(planted(1, 50), {.increasing = {"a", "b"}});
  ASSERT_TRUE(learned);
  EXPECT_GT(weight_of(*learned, 0), 0);
  EXPECT_EQ(weight_of(*learned, 1), 0);
}

TEST(LinearLearner, HostileValuesDoNotSpread) {
  RankingRows rows = planted(1, 30);
  rows.values[2] = std::numeric_limits<float>::infinity();
  rows.values[6] = -std::numeric_limits<float>::infinity();
  const auto learned = train_linear(rows, {});
  ASSERT_TRUE(learned);
  EXPECT_GT(weight_of(*learned, 0), 0.3);
  EXPECT_FALSE(train_linear({}, {}));
  EXPECT_FALSE(train_linear(rows, {.start = {{.column = 99}}}));
}

}  // namespace
}  // namespace handsel::trees

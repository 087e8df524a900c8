#include "proof/evaluate/metrics.h"

#include <cmath>

#include <gtest/gtest.h>

namespace handsel::evaluate {
namespace {

// The judgments of one query: two exact, one substitute, one irrelevant.
const std::unordered_map<std::string, double> kGains = {{"e1", 1}, {"e2", 1}, {"s", 0.1}, {"i", 0}};
// 1/log2(2), 1/log2(3), 1/log2(4), 1/log2(5): the discounts of ranks 1 to 4.
const double kD1 = 1, kD2 = 1 / std::log2(3), kD3 = 0.5, kD4 = 1 / std::log2(5);
const double kIdeal3 = kD1 + kD2 + 0.1 * kD3;

JudgedRanking judged(const std::vector<std::string>& ranking) {
  return judge(ranking, kGains, 1.0);
}

struct Case {
  std::vector<std::string> ranking;
  std::size_t k;
  double ndcg;
  double recall;
  double precision;
  double reciprocal_rank;
};

TEST(Metrics, WorkedByHand) {
  const std::vector<Case> cases = {
      {{"e1", "e2", "s"}, 3, 1, 1, 2.0 / 3, 1},  // ideal
      {{"s", "e1", "e2"}, 3, (0.1 * kD1 + kD2 + kD3) / kIdeal3, 1, 2.0 / 3, 0.5},
      {{"u", "i", "e1", "u2"}, 3, kD3 / kIdeal3, 0.5, 1.0 / 3, 1.0 / 3},  // the unjudged count 0
      {{"u", "i", "e1", "e2"}, 1, 0, 0, 0, 0},                            // nothing in the first place
      {{"e1"}, 3, kD1 / kIdeal3, 0.5, 1.0 / 3, 1},                        // short: precision is over k
      {{}, 3, 0, 0, 0, 0},
      {{"e1", "e1", "e2"}, 3, (kD1 + kD3) / kIdeal3, 1, 2.0 / 3, 1},  // the repeated place is lost
      {{"e1", "e2", "s", "i"}, 10, 1, 1, 0.2, 1},                     // k past the end
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    SCOPED_TRACE(i);
    const Case& c = cases[i];
    const JudgedRanking ranking = judged(c.ranking);
    EXPECT_NEAR(*ndcg(ranking, c.k), c.ndcg, 1e-12);
    EXPECT_NEAR(*recall(ranking, c.k), c.recall, 1e-12);
    EXPECT_NEAR(precision(ranking, c.k), c.precision, 1e-12);
    EXPECT_NEAR(*reciprocal_rank(ranking, c.k), c.reciprocal_rank, 1e-12);
  }
}

TEST(Metrics, IdealIsCutWhereTheRankingIs) {
  // With k = 1 the best possible is one exact result, not two.
  EXPECT_DOUBLE_EQ(*ndcg(judged({"e2"}), 1), 1);
  EXPECT_DOUBLE_EQ(*ndcg(judged({"s"}), 1), 0.1);
}

TEST(Metrics, EqualGainsMayStandInAnyOrder) {
  EXPECT_DOUBLE_EQ(*ndcg(judged({"e2", "e1", "s"}), 3), *ndcg(judged({"e1", "e2", "s"}), 3));
}

TEST(Metrics, JudgedShare) {
  EXPECT_EQ(judged_share(judged({"e1", "u", "i", "u2"}), 10), 0.5);
  EXPECT_EQ(judged_share(judged({"e1", "u", "i", "u2"}), 1), 1);
  EXPECT_EQ(judged_share(judged({"e1", "e1"}), 2), 1);
  EXPECT_EQ(judged_share(judged({}), 10), std::nullopt);
}

TEST(Metrics, AQueryWithNothingToFindSaysNothing) {
  const std::vector<std::string> ranking = {"a", "b"};
  const JudgedRanking worthless = judge(ranking, {{"a", 0}}, 1.0);
  EXPECT_EQ(ndcg(worthless, 10), std::nullopt);
  EXPECT_EQ(recall(worthless, 10), std::nullopt);
  EXPECT_EQ(reciprocal_rank(worthless, 10), std::nullopt);
  EXPECT_EQ(precision(worthless, 10), 0);

  // A substitute is worth something to NDCG, and nothing to recall.
  const JudgedRanking substitutes = judge(ranking, {{"a", 0.1}}, 1.0);
  EXPECT_EQ(ndcg(substitutes, 10), 1);
  EXPECT_EQ(recall(substitutes, 10), std::nullopt);
}

}  // namespace
}  // namespace handsel::evaluate

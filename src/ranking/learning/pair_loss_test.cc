#include "ranking/learning/pair_loss.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "ranking/trees/ndcg.h"

namespace handsel::learning {
namespace {

using trees::RankingRows;

struct Scored {
  RankingRows rows{.features = {"none"}};
  std::vector<float> scores;

  void add(double score, float gain, float offset = 0) {
    scores.push_back(static_cast<float>(score));
    rows.values.push_back(0);
    rows.gains.push_back(gain);
    rows.offsets.push_back(offset);
  }
  void end() { rows.ends.push_back(rows.rows()); }
  std::vector<double> losses() const { return pair_losses(rows, scores, best_scale(rows, scores)); }
  double mean() const { return trees::mean_of_known(losses()); }
};

Scored random_pages(std::uint64_t seed, double worth) {
  Rng rng(seed);
  Scored out;
  for (int group = 0; group < 60; ++group) {
    for (int place = 0; place < 12; ++place) {
      const double score = rng.normal();
      const double looked_at = 1 / (1.0 + place);
      const double chance = looked_at / (1 + std::exp(-worth * score));
      out.add(score, rng.chance(chance) ? (rng.chance(0.3) ? 4 : 1) : 0, static_cast<float>(std::log(looked_at)));
    }
    out.end();
  }
  return out;
}

// The obvious twin: every pair looked at once more for each of many scales.
double mean_at(const Scored& scored, double scale) {
  double sum = 0;
  double groups = 0;
  for (std::size_t g = 0; g < scored.rows.groups(); ++g) {
    double of_group = 0;
    double better = 0;
    for (std::size_t i = scored.rows.begin_of(g); i < scored.rows.ends[g]; ++i) {
      double of_row = 0;
      double others = 0;
      for (std::size_t j = scored.rows.begin_of(g); j < scored.rows.ends[g]; ++j) {
        if (scored.rows.gains[i] <= scored.rows.gains[j]) continue;
        const double apart = scale * (static_cast<double>(scored.scores[i]) - scored.scores[j]) +
                             scored.rows.offsets[i] - scored.rows.offsets[j];
        of_row += std::log(1 + std::exp(-apart));
        ++others;
      }
      if (others == 0) continue;
      of_group += of_row / others;
      ++better;
    }
    if (better == 0) continue;
    sum += of_group / better;
    ++groups;
  }
  return sum / groups;
}

TEST(PairLosses, AreThoseOfTheBestScale) {
  for (const double worth : {-1.0, 0.0, 0.5, 2.0}) {
    const Scored scored = random_pages(3, worth);
    double best = mean_at(scored, 0);
    for (double scale = 0; scale < 6; scale += 0.01) best = std::min(best, mean_at(scored, scale));
    EXPECT_NEAR(scored.mean(), best, 1e-4) << worth;
    EXPECT_LE(scored.mean(), best + 1e-9) << worth;
  }
}

TEST(PairLosses, DoNotDependOnTheUnitsOfScores) {
  Scored scored = random_pages(4, 1);
  const double own = scored.mean();
  for (float& score : scored.scores) score *= 250;
  EXPECT_NEAR(scored.mean(), own, 1e-5);
}

TEST(PairLosses, ScoresThatAreUpsideDownAreWorthNothing) {
  Scored scored = random_pages(5, 1);
  const double right = scored.mean();
  for (float& score : scored.scores) score = -score;
  EXPECT_NEAR(scored.mean(), mean_at(scored, 0), 1e-9);
  EXPECT_GT(scored.mean(), right);
}

TEST(PairLosses, OfTwoAlikeIsTheLogOfTwo) {
  Scored scored;
  scored.add(1, 1);
  scored.add(1, 0);
  scored.end();
  EXPECT_NEAR(scored.mean(), std::log(2), 1e-12);
}

TEST(PairLosses, WithoutAPairThereIsNone) {
  Scored scored;
  scored.add(1, 1);
  scored.end();
  scored.add(2, 0);
  scored.add(1, 0);
  scored.end();
  scored.end();
  for (const double loss : scored.losses()) EXPECT_TRUE(std::isnan(loss));
}

TEST(PairLosses, WithoutOffsetsScoresStayWhatTheyAre) {
  Scored scored = random_pages(6, 1);
  EXPECT_NE(best_scale(scored.rows, scored.scores), 1);
  std::ranges::fill(scored.rows.offsets, 0.0F);
  EXPECT_EQ(best_scale(scored.rows, scored.scores), 1);
}

// Always right, so that no scale is the best: an end is found, and it is small.
TEST(PairLosses, OfWhatIsAlwaysForeseenAreNearNothing) {
  Scored scored;
  for (int group = 0; group < 20; ++group) {
    for (int i = 0; i < 5; ++i) scored.add(i, i == 4 ? 1 : 0, i == 2 ? 0.5F : 0);
    scored.end();
  }
  EXPECT_LT(scored.mean(), 0.01);
}

}  // namespace
}  // namespace handsel::learning

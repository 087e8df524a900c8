#include "ranking/trees/train.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "ranking/trees/internal/booster.h"
#include "ranking/trees/internal/xgboost_model.h"
#include "ranking/trees/linear_learner.h"
#include "ranking/trees/ndcg.h"

namespace handsel::trees {
namespace {

// Groups whose truth is a bend in one feature and a product of two; noise beside them.
RankingRows planted(std::uint64_t seed, std::size_t groups, std::size_t group_rows = 20) {
  Rng rng(seed);
  RankingRows rows{.features = {"a", "b", "c", "noise"}};
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t i = 0; i < group_rows; ++i) {
      const double a = rng.normal();
      const double b = rng.normal();
      const double c = rng.normal();
      const double truth = std::abs(a) + b * c + 0.3 * rng.normal();
      for (const double value : {a, b, c, rng.normal()}) rows.values.push_back(static_cast<float>(value));
      rows.gains.push_back(truth > 2 ? 3 : truth > 1 ? 1 : 0);
      if (rng.chance(0.1)) rows.values.back() = std::numeric_limits<float>::quiet_NaN();
    }
    rows.ends.push_back(rows.gains.size());
  }
  return rows;
}

double ndcg_of(const TreeEnsemble& ensemble, const RankingRows& rows) {
  std::vector<float> scores(rows.rows());
  ensemble.predict(rows.values, scores);
  return mean_of_known(ndcg_of_groups(rows, scores, 10));
}

TEST(TrainTrees, FindsWhatWasPlanted) {
  const RankingRows train = planted(1, 300);
  const RankingRows apart = planted(2, 100);
  const RankingRows test = planted(3, 100);
  const auto trained = train_trees(train, apart, {.rounds = 100});
  ASSERT_TRUE(trained) << trained.error().message;
  EXPECT_GT(ndcg_of(first_trees(trained->ensemble, trained->best), test), 0.85);
  EXPECT_LT(ndcg_of(TreeEnsemble::build({.features = train.features}).value(), test), 0.5);
  EXPECT_GT(trained->ndcg[trained->best], trained->ndcg[0]);
}

// Pages in the order of a feature that is worth nothing; place k is looked at with 1 / k, and a row
// that is looked at is clicked by what it is worth.
RankingRows clicked(std::uint64_t seed, std::size_t groups, bool with_offsets) {
  constexpr std::size_t kPlaces = 12;
  Rng rng(seed);
  RankingRows rows{.features = {"worth", "shown_by"}};
  for (std::size_t g = 0; g < groups; ++g) {
    std::vector<double> shown_by(kPlaces);
    for (double& value : shown_by) value = rng.normal();
    std::ranges::sort(shown_by, std::greater<>());
    for (std::size_t place = 0; place < kPlaces; ++place) {
      const double worth = rng.normal();
      const double looked_at = 1 / static_cast<double>(place + 1);
      rows.values.push_back(static_cast<float>(worth));
      rows.values.push_back(static_cast<float>(shown_by[place]));
      rows.gains.push_back(rng.chance(looked_at / (1 + std::exp(1 - 2 * worth))) ? 1 : 0);
      if (with_offsets) rows.offsets.push_back(static_cast<float>(std::log(looked_at)));
    }
    rows.ends.push_back(rows.gains.size());
  }
  return rows;
}

// Of pairs of rows, the share that stands in the order of their worth.
double rightly_ordered(const TreeEnsemble& ensemble, const RankingRows& rows) {
  std::vector<float> scores(rows.rows());
  ensemble.predict(rows.values, scores);
  std::size_t right = 0;
  std::size_t pairs = 0;
  for (std::size_t i = 0; i + 1 < rows.rows(); ++i) {
    right += (scores[i] > scores[i + 1]) == (rows.row(i)[0] > rows.row(i + 1)[0]);
    ++pairs;
  }
  return static_cast<double>(right) / static_cast<double>(pairs);
}

TEST(TrainTrees, OffsetsTakeTheBlameForPlaces) {
  const RankingRows test = clicked(3, 300, false);
  const auto share_right = [&](bool with_offsets) {
    const auto trained = train_trees(clicked(1, 2'000, with_offsets), clicked(2, 500, with_offsets), {.rounds = 60});
    EXPECT_TRUE(trained) << trained.error().message;
    return rightly_ordered(first_trees(trained->ensemble, trained->best), test);
  };
  EXPECT_GT(share_right(true), 0.91);
  EXPECT_LT(share_right(false), share_right(true) - 0.02);
  const auto linear = [&](bool with_offsets) {
    return rightly_ordered(train_linear(clicked(1, 2'000, with_offsets), {}).value(), test);
  };
  EXPECT_GT(linear(true), 0.93);
  EXPECT_LT(linear(false), linear(true) - 0.02);
}

TEST(TrainTrees, IsTheSameForTheSameSeed) {
  const RankingRows train = planted(1, 60);
  const TreeOptions options{.rounds = 8, .row_share = 0.7, .column_share = 0.5, .seed = 5, .threads = 2};
  const auto once = train_trees(train, {}, options);
  const auto twice = train_trees(train, {}, options);
  TreeOptions other = options;
  other.seed = 6;
  ASSERT_TRUE(once && twice);
  EXPECT_EQ(once->ensemble.serialise(), twice->ensemble.serialise());
  EXPECT_NE(once->ensemble.serialise(), train_trees(train, {}, other)->ensemble.serialise());
}

TEST(TrainTrees, StartsFromALinearScore) {
  const RankingRows train = planted(1, 40);
  const std::vector<LinearTerm> linear = {{.column = 1, .weight = 2}};
  const auto trained = train_trees(train, planted(2, 20), {.rounds = 30, .linear = linear});
  ASSERT_TRUE(trained);
  EXPECT_EQ(trained->ensemble.parts().linear, linear);
  std::vector<float> scores(train.rows());
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = 2 * train.row(i)[1];
  const RankingRows apart = planted(2, 20);
  std::vector<float> apart_scores(apart.rows());
  for (std::size_t i = 0; i < apart_scores.size(); ++i) apart_scores[i] = 2 * apart.row(i)[1];
  EXPECT_NEAR(trained->ndcg[0], mean_of_known(ndcg_of_groups(apart, apart_scores, 10)), 1e-12);
}

TEST(TrainTrees, IncreasingFeaturesAreNeverHeldAgainstARow) {
  RankingRows train = planted(1, 100);
  const auto trained = train_trees(train, {}, {.rounds = 30, .increasing = {"a"}});
  ASSERT_TRUE(trained);
  std::vector<float> row = {0, 0.5f, -0.5f, 0};
  float last = -std::numeric_limits<float>::infinity();
  for (float a = -3; a < 3; a += 0.05f) {
    row[0] = a;
    std::vector<float> score(1);
    trained->ensemble.predict(row, score);
    EXPECT_GE(score[0], last);
    last = score[0];
  }
}

TEST(TrainTrees, StopsWhenAskedAndWhenNothingIsGained) {
  const RankingRows train = planted(1, 40);
  std::stop_source stop;
  const auto stopped = train_trees(
      train, {}, {.rounds = 50},
      [&](std::size_t done, std::size_t) {
        if (done == 3) stop.request_stop();
      },
      stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Code::kCancelled);

  RankingRows random = planted(4, 20);
  Rng rng(9);
  for (float& gain : random.gains) gain = rng.chance(0.2) ? 1 : 0;
  const auto trained = train_trees(random, planted(5, 20), {.rounds = 500, .patience = 5});
  ASSERT_TRUE(trained);
  EXPECT_LT(trained->ndcg.size(), 500u);
}

TEST(TrainTrees, RefusesWhatIsNoTrainingData) {
  const RankingRows good = planted(1, 4);
  RankingRows bad = good;
  bad.gains[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(train_trees(bad, {}, {.rounds = 1}));
  bad = good;
  bad.ends.back() -= 1;
  EXPECT_FALSE(train_trees(bad, {}, {.rounds = 1}));
  bad = good;
  bad.features.push_back("more");
  EXPECT_FALSE(train_trees(bad, {}, {.rounds = 1}));
  bad = good;
  bad.unseen.resize(good.rows() - 1);
  EXPECT_FALSE(train_trees(bad, {}, {.rounds = 1}));
  bad.unseen.clear();
  bad.offsets.resize(good.rows() - 1);
  EXPECT_FALSE(train_trees(bad, {}, {.rounds = 1}));
  bad.offsets.resize(good.rows());
  EXPECT_TRUE(train_trees(bad, {}, {.rounds = 1}));
  bad.offsets[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(train_trees(bad, {}, {.rounds = 1}));
  EXPECT_FALSE(train_trees({}, {}, {.rounds = 1}));
  EXPECT_FALSE(train_trees(good, {}, {.rounds = 0}));
  EXPECT_FALSE(train_trees(good, {}, {.rounds = 1, .threads = 0}));
}

TEST(TrainTrees, RowsWithNothingToLearnGiveTreesThatSayNothing) {
  RankingRows flat = planted(1, 10);
  std::ranges::fill(flat.gains, 0.0f);
  const auto trained = train_trees(flat, {}, {.rounds = 3});
  ASSERT_TRUE(trained);
  std::vector<float> scores(flat.rows());
  trained->ensemble.predict(flat.values, scores);
  for (const float score : scores) EXPECT_EQ(score, 0);
}

// The promise of tree_ensemble.h, to the last bit.
TEST(XgboostModel, OurPredictionIsXgboosts) {
  const RankingRows rows = planted(1, 100);
  auto matrix = internal::Matrix::create(rows, 1);
  ASSERT_TRUE(matrix);
  std::vector<float> margins(rows.rows());
  for (std::size_t i = 0; i < margins.size(); ++i) margins[i] = rows.row(i)[0];
  for (const char* policy : {"depthwise", "lossguide"}) {
    for (const char* gamma : {"0", "1"}) {  // with pruning the numbers of the nodes have gaps
      const internal::Matrix* matrices[] = {&*matrix};
      auto booster = internal::Booster::create(matrices, {{"tree_method", "hist"},
                                                          {"grow_policy", policy},
                                                          {"max_depth", "8"},
                                                          {"max_leaves", "200"},
                                                          {"gamma", gamma},
                                                          {"objective", "reg:squarederror"},
                                                          {"base_score", "0.3"},
                                                          {"nthread", "1"},
                                                          {"verbosity", "0"}});
      ASSERT_TRUE(booster);
      ASSERT_TRUE(matrix->set_grades(rows));
      for (int round = 0; round < 40; ++round) ASSERT_TRUE(booster->update(*matrix, round));
      const auto model = internal::read_xgboost_model(booster->save().value());
      ASSERT_TRUE(model) << model.error().message;
      const auto ensemble =
          TreeEnsemble::build({.features = rows.features, .base = model->base, .trees = model->trees});
      ASSERT_TRUE(ensemble) << ensemble.error().message;
      std::vector<float> theirs;
      std::vector<float> ours(rows.rows());
      ASSERT_TRUE(booster->predict_in_place(rows.values, rows.features.size(), theirs));
      ensemble->predict(rows.values, ours);
      EXPECT_EQ(theirs, ours);
    }
  }
}

TEST(XgboostModel, BytesThatAreNoModelAreRefused) {
  for (const char* bytes : {"", "x", "{", "{}", "[]"}) EXPECT_FALSE(internal::read_xgboost_model(bytes));
}

TEST(Average, IsTheMeanOfTheScores) {
  const RankingRows rows = planted(1, 30);
  std::vector<TreeEnsemble> ensembles;
  for (const std::uint64_t seed : {1, 2, 3}) {
    const LinearTerm term{.column = 3, .weight = static_cast<float>(seed), .missing = static_cast<float>(seed) - 2};
    auto trained = train_trees(rows, {}, {.rounds = 5, .row_share = 0.5, .linear = {term}, .seed = seed});
    ASSERT_TRUE(trained);
    ensembles.push_back(std::move(trained->ensemble));
  }
  const auto mean = average(ensembles);
  ASSERT_TRUE(mean);
  std::vector<double> expected(rows.rows());
  std::vector<float> scores(rows.rows());
  for (const TreeEnsemble& ensemble : ensembles) {
    ensemble.predict(rows.values, scores);
    for (std::size_t i = 0; i < scores.size(); ++i) expected[i] += scores[i] / 3;
  }
  mean->predict(rows.values, scores);
  for (std::size_t i = 0; i < scores.size(); ++i) EXPECT_NEAR(scores[i], expected[i], 1e-5);
  EXPECT_FALSE(average({}));
}

}  // namespace
}  // namespace handsel::trees

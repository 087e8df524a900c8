#include "ranking/learning/ranker_training.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "ranking/trees/ndcg.h"

namespace handsel::learning {
namespace {

using trees::RankingRows;

enum class Truth : std::uint8_t { kMatch, kLinear, kBent };

RankingRows planted(Truth kind, std::uint64_t seed, std::size_t groups) {
  Rng rng(seed);
  RankingRows rows{.features = {"match", "price", "bend", "noise"}};
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t i = 0; i < 20; ++i) {
      const double match = rng.normal();
      const double price = rng.normal();
      const double bend = rng.normal();
      double truth = match + 0.3 * rng.normal();
      if (kind == Truth::kLinear) truth -= 1.2 * price;
      if (kind == Truth::kBent) truth += 2.5 * std::abs(bend) - 2;
      for (const double value : {match, price, bend, rng.normal()}) rows.values.push_back(static_cast<float>(value));
      rows.gains.push_back(truth > 1.8 ? 3 : truth > 0.8 ? 1 : 0);
    }
    rows.ends.push_back(rows.gains.size());
  }
  return rows;
}

RankerOptions quick() {
  RankerOptions options{.baseline = "match"};
  options.trees.rounds = 60;
  options.trees.learning_rate = 0.1;
  options.trees.leaves = 8;
  options.linear.steps = 100;
  options.folds = 3;
  return options;
}

double ndcg_of(const RankingRows& rows, std::span<const float> scores) {
  return trees::mean_of_known(trees::ndcg_of_groups(rows, scores, 10));
}

TEST(RankerTraining, TakesTheLearnerThatTheDataCarry) {
  const auto check = [](Truth kind, std::size_t groups, auto matcher) {
    const auto ranker = train_ranker(planted(kind, 1, groups), quick());
    ASSERT_TRUE(ranker) << ranker.error().message;
    EXPECT_THAT(learner_name(ranker->learner), matcher);
    const RankingRows test = planted(kind, 2, 100);
    std::vector<float> scores(test.rows());
    ranker->ensemble.predict(test.values, scores);
    EXPECT_GT(ndcg_of(test, scores), 0.8);
    EXPECT_NEAR(ndcg_of(test, scores), ranker->metrics().at("ndcg"), 0.06);
  };
  check(Truth::kLinear, 60, testing::StartsWith("linear"));
  check(Truth::kBent, 150, testing::HasSubstr("trees"));
}

TEST(RankerTraining, TakesAllRoundsWithoutPatience) {
  RankerOptions options = quick();
  options.learners = {Learner::kTrees};
  options.trees.rounds = 23;
  options.trees.patience = 0;
  const auto ranker = train_ranker(planted(Truth::kMatch, 1, 30), options);
  ASSERT_TRUE(ranker) << ranker.error().message;
  EXPECT_EQ(ranker->rounds, 23u);
}

TEST(RankerTraining, OfManyGroupsThreeSharesAreKeptApart) {
  RankerOptions options = quick();
  options.learners = {Learner::kTrees};
  options.folds = 5;
  options.trees.rounds = 2;
  options.trees.patience = 0;
  const auto of = [&](std::size_t groups) { return *train_ranker(planted(Truth::kMatch, 1, groups), options); };
  EXPECT_EQ(of(100).ensemble.trees(), 5 * 2u);
  const TrainedRanker many = of(kFoldedGroupsMax + 5);
  EXPECT_EQ(many.ensemble.trees(), kFoldsOfMany * 2);
  EXPECT_NEAR(static_cast<double>(many.groups), 0.6 * kFoldedGroupsMax, 0.02 * kFoldedGroupsMax);
}

TEST(RankerTraining, BeatsTheBaselineOrKeepsIt) {
  const auto better = train_ranker(planted(Truth::kLinear, 1, 60), quick());
  ASSERT_TRUE(better);
  EXPECT_GT(better->gain.low, 0);
  // Nothing but noise beside the baseline, and little of it: the estimate must not pretend.
  const auto same = train_ranker(planted(Truth::kMatch, 1, 40), quick());
  ASSERT_TRUE(same);
  EXPECT_LT(same->gain.estimate, 0.02);
}

// Of few groups some learner is ahead by luck: that is no reason to leave the baseline.
TEST(RankerTraining, LuckIsNoReasonToLeaveTheBaseline) {
  int ahead = 0;
  for (const int seed : {1, 2, 3, 4, 5, 6, 7, 8}) {
    RankingRows random = planted(Truth::kMatch, 1, 30);
    Rng rng(static_cast<std::uint64_t>(seed));
    for (float& gain : random.gains) gain = rng.chance(0.2) ? 1 : 0;
    const auto ranker = train_ranker(random, quick());
    ASSERT_TRUE(ranker);
    const double baseline = ranker->ndcg.at("baseline").estimate;
    for (const auto& [learner, ndcg] : ranker->ndcg) ahead += learner != "baseline" && ndcg.estimate > baseline;
    if (!ranker->is_better) continue;
    const Interval& gain = ranker->gain;
    EXPECT_GT(gain.estimate, 0.34 * (gain.estimate - gain.low)) << "three to one, by the width of the interval";
  }
  EXPECT_GT(ahead, 0) << "the test has nothing to refuse";
}

TEST(RankerTraining, FoldsWithoutABetterRankerAreLeftToTheBaseline) {
  constexpr std::size_t kFolds = 3;
  std::size_t by_luck = 0;
  for (const std::uint64_t seed : {1, 2, 3, 4, 5}) {
    RankingRows random = planted(Truth::kMatch, 1, 30);
    Rng rng(seed);
    for (float& gain : random.gains) gain = rng.chance(0.2) ? 1 : 0;
    const auto scores = cross_validate(random, quick(), kFolds);
    ASSERT_TRUE(scores);
    const std::size_t column = trees::column_of(random, quick().baseline);
    for (const auto& fold : deal(random.groups(), kFolds, Rng(quick().seed).split(kFolds)())) {
      std::vector<std::size_t> others;
      for (std::size_t group = 0; group < random.groups(); ++group) {
        if (std::ranges::find(fold, group) == fold.end()) others.push_back(group);
      }
      const auto ranker = train_ranker(trees::select_groups(random, others), quick());
      ASSERT_TRUE(ranker);
      if (ranker->is_better) continue;
      by_luck += ranker->learner != Learner::kBaseline;
      for (const std::size_t group : fold) {
        for (std::size_t r = random.begin_of(group); r < random.ends[group]; ++r) {
          EXPECT_EQ((*scores)[r], random.row(r)[column]) << group;
        }
      }
    }
  }
  EXPECT_GT(by_luck, 0U) << "the test has nothing to refuse";
}

// Pages in the order of the baseline, of which clicks see the top: by clicks as they are, the
// baseline is hard to beat. Beside what is known of places, it says nothing.
TEST(RankerTraining, TheLearnerIsChosenBesideWhatPlacesExplain) {
  Rng rng(5);
  RankingRows rows{.features = {"match", "worth"}};
  for (std::size_t g = 0; g < 1'500; ++g) {
    std::vector<double> match(15);
    for (double& value : match) value = rng.normal();
    std::ranges::sort(match, std::greater<>());
    for (std::size_t place = 0; place < match.size(); ++place) {
      const double worth = rng.normal();
      const double looked_at = 1 / static_cast<double>(place + 1);
      rows.values.push_back(static_cast<float>(match[place]));
      rows.values.push_back(static_cast<float>(worth));
      rows.gains.push_back(rng.chance(looked_at * 0.7 / (1 + std::exp(-worth))) ? 1 : 0);
      rows.offsets.push_back(static_cast<float>(std::log(looked_at)));
    }
    rows.ends.push_back(rows.gains.size());
  }
  RankerOptions options = quick();
  options.learners = {Learner::kBaseline, Learner::kTrees};
  const auto seen = train_ranker(rows, options);
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(learner_name(seen->learner), "trees");
  EXPECT_GT(seen->gain.low, 0);
  // With the baseline in whatever units.
  RankingRows scaled = rows;
  for (std::size_t r = 0; r < rows.rows(); ++r) scaled.values[2 * r] *= 100;
  const auto same = train_ranker(scaled, options);
  ASSERT_TRUE(same) << same.error().message;
  EXPECT_EQ(learner_name(same->learner), "trees");
  EXPECT_NEAR(same->ndcg.find("baseline")->second.estimate, seen->ndcg.find("baseline")->second.estimate, 0.02);
  // Where the baseline is what is worth something, it stays.
  RankingRows good = rows;
  for (std::size_t r = 0; r < rows.rows(); ++r) good.values[2 * r] = 50 * rows.values[2 * r + 1];
  options.learners = {Learner::kBaseline, Learner::kTrees};
  EXPECT_LT(train_ranker(good, options)->gain.low, 0.005);
}

// Searches of 30 candidates of which a page shows 12: of those that are worth most, with some noise, or of those that
// match, which is worth nothing. What is known of the worth is half of it.
enum class Pages : std::uint8_t { kOfWorth, kOfMatch };

RankingRows pages_by(Pages pages, std::uint64_t seed, std::size_t groups) {
  constexpr std::size_t kShown = 12;
  Rng rng(seed);
  RankingRows rows{.features = {"match", "worth", "bend"}};
  struct Candidate {
    double match, bend, worth, rank;
  };
  for (std::size_t g = 0; g < groups; ++g) {
    std::vector<Candidate> all(30);
    for (Candidate& one : all) {
      one = {.match = rng.normal(), .bend = rng.normal(), .worth = rng.normal(), .rank = 0};
      one.rank = pages == Pages::kOfWorth ? one.worth + std::abs(one.bend) + 0.3 * rng.normal() : one.match;
    }
    std::ranges::sort(all, std::greater<>(), &Candidate::rank);
    for (std::size_t place = 0; place < all.size(); ++place) {
      const Candidate& one = all[place];
      const bool is_shown = place < kShown;
      const double looked_at = 1 / std::sqrt(std::min(place, kShown - 1) + 1.0);
      const double chance = looked_at / (1 + std::exp(2 - one.worth - std::abs(one.bend)));
      for (const double value : {one.match, one.worth + rng.normal(), one.bend}) {
        rows.values.push_back(static_cast<float>(value));
      }
      rows.gains.push_back(is_shown && rng.chance(chance) ? 1 : 0);
      rows.weights.push_back(is_shown ? 1 : 0.5F);
      rows.offsets.push_back(static_cast<float>(std::log(looked_at)));
      rows.unseen.push_back(is_shown ? 0 : 1);
    }
    rows.ends.push_back(rows.rows());
  }
  return rows;
}

// NDCG of what candidates are really worth.
double ndcg_in_truth(const TrainedRanker& ranker, RankingRows rows) {
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    rows.gains[r] = static_cast<float>(std::exp2(rows.row(r)[1] + std::abs(rows.row(r)[2])));
  }
  std::vector<float> scores(rows.rows());
  ranker.ensemble.predict(rows.values, scores);
  return ndcg_of(rows, scores);
}

TEST(RankerTraining, WhatWasNotShownIsBelievedAsFarAsClicksAllow) {
  RankerOptions options = quick();
  options.learners = {Learner::kTrees};
  options.trees.rounds = 40;
  options.trees.patience = 0;
  RankerOptions choosing = options;
  choosing.weighs_unseen = true;
  const auto check = [&](Pages pages, Unseen expected) {
    const RankingRows rows = pages_by(pages, 1, 1'000);
    const auto as_told = train_ranker(rows, options);
    const auto chosen = train_ranker(rows, choosing);
    ASSERT_TRUE(as_told && chosen) << chosen.error().message;
    EXPECT_EQ(unseen_name(chosen->unseen), unseen_name(expected)) << chosen->metrics().at("believing_cost");
    const auto metrics = chosen->metrics();
    const auto loss = [&](const char* of) { return metrics.at(fmt::format("pair_loss {}", of)); };
    const double least = std::min({loss("ignored"), loss("as told"), loss("believed")});
    EXPECT_NEAR(metrics.at("believing_cost"), (loss("believed") - least) / (loss("places") - least), 1e-12);
    const RankingRows test = pages_by(pages, 2, 300);
    EXPECT_GT(ndcg_in_truth(*chosen, test), ndcg_in_truth(*as_told, test));
    EXPECT_TRUE(as_told->pair_losses.empty());
    // Larger trees take the place of the others where pages are believed, and nowhere else.
    RankerOptions larger = choosing;
    larger.believing_trees.emplace(choosing.trees).rounds = 7;
    std::vector<std::size_t> totals;
    const auto of_larger = train_ranker(rows, larger, [&](std::size_t, std::size_t total) { totals.push_back(total); });
    ASSERT_TRUE(of_larger) << of_larger.error().message;
    EXPECT_EQ(of_larger->pair_losses, chosen->pair_losses);
    EXPECT_EQ(of_larger->rounds, expected == Unseen::kBelieved ? 7u : 40u);
    EXPECT_EQ(unseen_name(of_larger->unseen), unseen_name(expected));
    if (expected == Unseen::kBelieved) {
      EXPECT_EQ(totals.size(), totals.back());
    } else {
      EXPECT_EQ(of_larger->ensemble.serialise(), chosen->ensemble.serialise());
    }
  };
  check(Pages::kOfWorth, Unseen::kBelieved);
  check(Pages::kOfMatch, Unseen::kIgnored);
}

TEST(RankerTraining, NothingIsMadeOfClicksThatTeachNothingOrOfPagesThatShowedAll) {
  RankerOptions options = quick();
  options.learners = {Learner::kTrees};
  options.weighs_unseen = true;
  const auto all_shown = train_ranker(planted(Truth::kBent, 1, 60), options);
  ASSERT_TRUE(all_shown) << all_shown.error().message;
  EXPECT_TRUE(all_shown->pair_losses.empty());
  RankingRows random = pages_by(Pages::kOfWorth, 1, 60);
  std::ranges::fill(random.values, 0.0f);
  const auto blind = train_ranker(random, options);
  ASSERT_TRUE(blind) << blind.error().message;
  EXPECT_EQ(unseen_name(blind->unseen), "as told");
}

TEST(RankerTraining, CrossValidationScoresEveryRowWithoutItsGroup) {
  const RankingRows rows = planted(Truth::kLinear, 1, 50);
  const auto scores = cross_validate(rows, quick(), 5);
  ASSERT_TRUE(scores) << scores.error().message;
  EXPECT_GT(ndcg_of(rows, *scores), 0.85);

  // With gains by chance, seen groups would look good and held-out ones cannot.
  RankingRows random = rows;
  Rng rng(3);
  for (float& gain : random.gains) gain = rng.chance(0.2) ? 1 : 0;
  const auto held_out = cross_validate(random, quick(), 5);
  ASSERT_TRUE(held_out);
  std::vector<float> chance(random.rows());
  for (float& score : chance) score = static_cast<float>(rng.normal());
  EXPECT_NEAR(ndcg_of(random, *held_out), ndcg_of(random, chance), 0.07);
}

TEST(RankerTraining, IsTheSameForTheSameSeed) {
  const RankingRows rows = planted(Truth::kBent, 1, 40);
  const auto once = train_ranker(rows, quick());
  const auto twice = train_ranker(rows, quick());
  ASSERT_TRUE(once && twice);
  EXPECT_EQ(once->ensemble.serialise(), twice->ensemble.serialise());
}

TEST(RankerTraining, RefusesWhatCannotBeLearnedFrom) {
  const RankingRows rows = planted(Truth::kMatch, 1, 10);
  const auto check = [](const RankingRows& from, const RankerOptions& options, std::string_view message) {
    const auto ranker = train_ranker(from, options);
    ASSERT_FALSE(ranker);
    EXPECT_THAT(ranker.error().message, testing::HasSubstr(message));
  };
  RankingRows nothing = rows;
  std::ranges::fill(nothing.gains, 0.0f);
  check(nothing, quick(), "0 groups with something to find");
  check({}, quick(), "0 features");
  RankerOptions options = quick();
  options.baseline = "macth";
  check(rows, options, "'macth' is no feature");
  options = quick();
  options.folds = 1;
  check(rows, options, "folds");
  options = quick();
  options.learners = {};
  check(rows, options, "no learner");
  EXPECT_FALSE(cross_validate(rows, quick(), 11));
}

TEST(RankerTraining, IsStopped) {
  std::stop_source stop;
  const auto ranker = train_ranker(
      planted(Truth::kBent, 1, 20), quick(), [&](std::size_t, std::size_t) { stop.request_stop(); }, stop.get_token());
  ASSERT_FALSE(ranker);
  EXPECT_EQ(ranker.error().code, Code::kCancelled);
}

TEST(Deal, GivesEveryGroupToOneFold) {
  const auto folds = deal(23, 5, 1);
  std::vector<std::size_t> all;
  for (const auto& fold : folds) {
    EXPECT_GE(fold.size(), 4u);
    all.insert(all.end(), fold.begin(), fold.end());
  }
  std::ranges::sort(all);
  for (std::size_t i = 0; i < 23; ++i) EXPECT_EQ(all[i], i);
  EXPECT_NE(deal(23, 5, 2), folds);
}

}  // namespace
}  // namespace handsel::learning

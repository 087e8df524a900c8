// A ranker from judged or counted rows: which learner, how many rounds, and how good it is,
// all found out on groups that the learner did not see.
//
// Learners, from the simplest: the baseline column as it is; a linear score (it starts from
// the baseline); trees; trees on top of the linear score. Groups are dealt into folds; of each
// learner one model a fold is trained on the others. What does best on the kept-apart groups
// is taken, the simpler where it is as good. The ranker is the mean of that learner's models,
// cut at the number of rounds that is best over all folds together: no group is lost to
// early stopping, and no fold stops on its own luck. From kFoldedGroupsMax groups on
// kFoldsOfMany folds are trained, whose shares are as large. With trees.patience 0 all rounds are taken.
//
// Rows with offsets are ordered with them, the baseline in the units that suit it best: clicks as they
// are say that what was shown first is best. With `weighs_unseen`, every learner has the units that suit it best, and
// what was not shown is kept out of what judges: nobody could act on it, so a learner that puts it last would look
// good, whatever it is worth. Few searches know too little without it: a demo of 1,000 listings would keep a ranker
// on the shelf that is .05 of NDCG better in truth.
//
// The estimates stand on groups that also chose learner and rounds, so they flatter a little;
// cross_validate() does not: it does all of the above without the groups that it scores.
//
// Deterministic for a seed and a number of threads. Any thread may call it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/core/result.h"
#include "base/math/statistics.h"
#include "ranking/trees/linear_learner.h"
#include "ranking/trees/ranking_rows.h"
#include "ranking/trees/train.h"

namespace handsel::learning {

inline constexpr std::size_t kFoldsMax = 50;
inline constexpr std::size_t kFoldedGroupsMax = 5'000;
inline constexpr std::size_t kFoldsOfMany = 3;
inline constexpr std::size_t kModelsMax = 100;  // folds x models a fold

enum class Learner : std::uint8_t { kBaseline, kLinear, kTrees, kLinearAndTrees };
std::string_view learner_name(Learner learner);  // "baseline", "linear", "trees", "linear+trees"

// What candidates that were not shown (RankingRows::unseen) say. A good ranker's page left out what is worse, so that
// they are negatives like those that were looked at and passed over; a page by the words alone may have left out the
// best there is. Clicks on what was shown tell the two apart: who learns from what a bad page left out foresees them
// worse. So the cost of believing is measured, in pair_losses() of what is kept apart: how much is lost of what is
// foreseen beyond what places explain.
enum class Unseen : std::uint8_t {
  kIgnored,   // where believing costs more
  kAsTold,    // by their own weights and offsets: up to kTellingCostMax, and where nothing was measured
  kBelieved,  // as surely negative as the first place of a page: up to kBelievingCostMax
};
inline constexpr double kBelievingCostMax = 0.125;
inline constexpr double kTellingCostMax = 0.2;
std::string_view unseen_name(Unseen unseen);  // "ignored", "as told", "believed"

struct RankerOptions {
  std::vector<Learner> learners = {Learner::kBaseline, Learner::kLinear, Learner::kTrees, Learner::kLinearAndTrees};
  std::string baseline;                 // the feature that is the score of today; empty: none
  std::vector<std::string> increasing;  // features of which more is never worse
  trees::TreeOptions trees;             // its linear, increasing, seed, threads and at are set from here
  trees::LinearOptions linear;          // its start and increasing likewise
  bool weighs_unseen = false;  // trees then choose what to make of rows that were not shown; three times the work
  // Where that believes them there is more to learn from: these are trained then, in the place of `trees`; four times.
  std::optional<trees::TreeOptions> believing_trees;
  std::size_t folds = 5;
  std::size_t models = 1;  // of trees a fold, each with its own seed
  std::size_t at = 10;     // NDCG@at decides
  std::uint64_t seed = 1;
  int threads = 1;
};

struct TrainedRanker {
  trees::TreeEnsemble ensemble;  // serialise() gives the artefact's bytes
  Learner learner = Learner::kBaseline;
  std::size_t rounds = 0;  // of each of the models
  Unseen unseen = Unseen::kAsTold;
  std::map<std::string, double> pair_losses;  // "places" (no scores) and each unseen_name(), where it was chosen
  // NDCG@at of the kept-apart groups, by learner_name(): mean and 95 % interval over groups.
  std::map<std::string, Interval, std::less<>> ndcg;
  // Of the learner taken less the baseline, group by group; zeros without a baseline.
  Interval gain;
  // Three to one that it is better than the baseline; true where there is none. Few judged queries choose by luck:
  // what is not better stays on the shelf.
  bool is_better = true;
  std::size_t groups = 0;  // kept apart, with something to find
  // For a manifest: "believing_cost", where `unseen` was chosen; "ndcg", "ndcg_low", "ndcg_high", "ndcg_baseline",
  // "gain", "groups", "rows", "trees", ...
  std::map<std::string, double> metrics() const;
};

// done of total, in models trained; from the caller's thread.
using TrainingProgress = std::function<void(std::size_t done, std::size_t total)>;

// kInvalidArgument: rows that check() refuses, fewer than two groups with something to find,
// options out of range, a baseline that is no feature.
Result<TrainedRanker> train_ranker(const trees::RankingRows& rows, const RankerOptions& options,
                                   const TrainingProgress& progress = {}, const std::stop_token& stop = {});

// The same with kept-apart groups of the caller's instead of folds.
Result<TrainedRanker> train_ranker_beside(const trees::RankingRows& rows, const trees::RankingRows& kept_apart,
                                          const RankerOptions& options, const TrainingProgress& progress = {},
                                          const std::stop_token& stop = {});

// For every row a score from a ranker that was trained without its group, in the same way; from the baseline
// where that ranker is not better.
// Scores of different groups come from different rankers: compare within groups only.
Result<std::vector<float>> cross_validate(const trees::RankingRows& rows, const RankerOptions& options,
                                          std::size_t folds, const TrainingProgress& progress = {},
                                          const std::stop_token& stop = {});

// Deals `groups` numbers into folds, evenly, by chance.
std::vector<std::vector<std::size_t>> deal(std::size_t groups, std::size_t folds, std::uint64_t seed);

}  // namespace handsel::learning

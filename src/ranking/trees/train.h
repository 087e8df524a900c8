// Trees learn to rank: LambdaMART on groups of rows.
//
// XGBoost grows the trees (histograms, leaf by leaf); the gradients are ours
// (lambda_gradients.h), because its own `rank:ndcg` of the 1.7 series samples pairs and does
// not normalise by query. Its objective can be asked for, for comparison.
//
// Rows with offsets begin there: kept-apart groups are ordered with them too, so that the round
// that stops is the one that foresees best who is clicked where, not who stood high.
//
// The same rows, options and number of threads give the same trees. Kept-apart groups are
// scored after every round; where `patience` rounds bring nothing, training stops. One call uses `threads` threads and
// about 2 bytes a value beside the rows. Any thread may call it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/core/result.h"
#include "ranking/trees/lambda_gradients.h"
#include "ranking/trees/ranking_rows.h"
#include "ranking/trees/tree_ensemble.h"

namespace handsel::trees {

inline constexpr std::size_t kRoundsMax = 5'000;
inline constexpr std::size_t kBinsMax = 254;  // so that every feature is one byte in the evaluator

enum class Objective : std::uint8_t {
  kLambda,       // ours
  kXgboostNdcg,  // rank:ndcg; gains must be whole grades below 32
};

struct TreeOptions {
  std::size_t rounds = 300;
  std::size_t patience = 50;  // 0: all rounds
  double learning_rate = 0.05;
  std::size_t leaves = 31;
  std::size_t depth = 8;
  double hessian_min = 1;  // of a leaf
  double l2 = 1;
  double gain_min = 0;  // of a split
  double row_share = 1;
  double column_share = 1;  // of each node
  std::size_t at = 10;      // places that NDCG of the kept-apart groups looks at
  LambdaOptions lambda;
  Objective objective = Objective::kLambda;
  std::vector<LinearTerm> linear;       // what the trees are added to
  std::vector<std::string> increasing;  // features of which more is never worse
  std::uint64_t seed = 1;
  int threads = 1;
};

struct TrainedTrees {
  TreeEnsemble ensemble;     // every round that was made; see first_trees()
  std::vector<double> ndcg;  // of the kept-apart groups: before the first round, after each
  std::size_t best = 0;      // so many rounds do best on the kept-apart groups; without such, all
};

// Called after every round, from the caller's thread.
using RoundProgress = std::function<void(std::size_t done, std::size_t total)>;

// `kept_apart` may have no groups: then all rounds are kept. kInvalidArgument for options out
// of range or rows that check() refuses; kCancelled where `stop` was asked for.
Result<TrainedTrees> train_trees(const RankingRows& rows, const RankingRows& kept_apart, const TreeOptions& options,
                                 const RoundProgress& progress = {}, const std::stop_token& stop = {});

// The first `rounds` trees of an ensemble.
TreeEnsemble first_trees(const TreeEnsemble& ensemble, std::size_t rounds);

// Scores that are the mean of the ensembles' scores. All have the same features.
Result<TreeEnsemble> average(std::span<const TreeEnsemble> ensembles);

// "XGBoost 1.7.4", for a model's manifest.
std::string trainer_version();

}  // namespace handsel::trees

// Candidates become a ranked list: the part of the read path that search,
// recommendations and gifts share.
//
//   CandidateList -> FirstPass -> FeatureMatrix -> RankedList
//
// With a ranker that was learned, its score orders the list; without one, the untrained
// score does (ranking/features/matrix.h). What the first pass leaves follows in its order. Pure; any thread.
#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "ranking/features/matrix.h"
#include "ranking/query/query_plan.h"
#include "ranking/trees/tree_ensemble.h"
#include "views/index/index.h"

namespace handsel::pipeline {

// So many of the index's best are ranked; what follows keeps the index's order. The
// same for every page, so that pages neither overlap nor lose anything.
inline constexpr std::size_t kRankedMax = 300;
// So many more that other sources than the words found.
inline constexpr std::size_t kExtrasMax = 200;
// Where there are others, so many of all get all features.
inline constexpr std::size_t kFirstPassMax = 150;
inline constexpr std::size_t kFirstPassWithoutWalksMax = 200;  // it knows less then

struct RankedItem {
  index::Hit hit;
  double score = 0;                               // of what the first pass left: the lowest of the others
  std::size_t candidate = 0;                      // its number among the candidates
  std::optional<std::size_t> row = std::nullopt;  // of the matrix; nothing where the first pass left it
};

struct RankedList {
  std::vector<RankedItem> items;  // best first: by score, then by id_hash; then what the first pass left
  features::FeatureMatrix features;
  bool model_failed = false;  // its scores were no numbers: the untrained score made the order
};

// Trees that were learned on columns of the matrix. Immutable.
class RankModel {
 public:
  // kUnsupported where the trees want a feature that this program does not compute: they were
  // learned by another version; train again. `untrained_share`, 0 to below 1: how much of the
  // order is the untrained score's.
  static Result<RankModel> create(trees::TreeEnsemble trees, double untrained_share = 0);
  // One score for each row of the matrix: with trees t, untrained score u, share s, means m and
  // standard deviations d over the rows,
  //   t + s / (1 - s) * d(t) / d(u) * (u - m(u))
  // Trees learn what is chosen, the untrained score knows what was said and what the session
  // looked at (docs/decisions/0009); both have a say in the unit of the trees.
  std::vector<double> score(const features::FeatureMatrix& matrix) const;
  const trees::TreeEnsemble& trees() const { return trees_; }

 private:
  trees::TreeEnsemble trees_;
  std::vector<std::size_t> columns_;  // of the matrix, in the order of the trees' features
  double untrained_share_ = 0;
};

bool are_numbers(std::span<const double> scores);

// Which candidates get all features.
struct RankScope {
  std::size_t keep = std::numeric_limits<std::size_t>::max();  // so many that the first pass likes best
  std::span<const index::DocRef> guests;  // sorted; these too, but nothing is learned from them (FeatureInput::peers)
};

// `model` null: the untrained score.
RankedList rank(const index::Snapshot& snapshot, const query::QueryPlan& plan, std::span<const index::Hit> hits,
                const features::Signals& signals, const RankModel* model, const RankScope& scope = {});

}  // namespace handsel::pipeline

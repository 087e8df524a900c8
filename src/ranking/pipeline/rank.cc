#include "ranking/pipeline/rank.h"

#include <algorithm>
#include <cmath>

#include "ranking/pipeline/first_pass.h"
#include "ranking/pipeline/spread.h"

namespace handsel::pipeline {

namespace {

constexpr std::size_t kUntrainedColumn = 1;  // of every matrix (ranking/features/matrix.h)

}  // namespace

Result<RankModel> RankModel::create(trees::TreeEnsemble trees, double untrained_share) {
  if (!(untrained_share >= 0 && untrained_share < 1)) {
    return fail(Code::kCorrupt, "the ranker leaves a share of {} to the untrained score; 0 to below 1 is possible",
                untrained_share);
  }
  RankModel model;
  model.untrained_share_ = untrained_share;
  const auto known = features::feature_names();
  for (const std::string& name : trees.features()) {
    const auto column = std::ranges::find(known, name);
    if (column == known.end()) {
      return fail(Code::kUnsupported,
                  "the ranker was learned with a feature '{}' that this program does not compute; train it again",
                  name);
    }
    model.columns_.push_back(static_cast<std::size_t>(column - known.begin()));
  }
  model.trees_ = std::move(trees);
  return model;
}

std::vector<double> RankModel::score(const features::FeatureMatrix& matrix) const {
  const std::size_t candidates = matrix.names.empty() ? 0 : matrix.values.size() / matrix.names.size();
  std::vector<float> rows;
  rows.reserve(candidates * columns_.size());
  for (std::size_t i = 0; i < candidates; ++i) {
    const auto row = matrix.row(i);
    for (const std::size_t column : columns_) rows.push_back(static_cast<float>(row[column]));
  }
  std::vector<float> learned(candidates);
  trees_.predict(rows, learned);
  std::vector<double> scores(learned.begin(), learned.end());
  if (untrained_share_ == 0 || candidates == 0) return scores;
  std::vector<double> untrained;
  for (std::size_t i = 0; i < candidates; ++i) untrained.push_back(matrix.row(i)[kUntrainedColumn]);
  const Spread of_trees = spread_of(scores);
  const Spread of_untrained = spread_of(untrained);
  if (of_untrained.deviation == 0) return scores;
  const double weight = untrained_share_ / (1 - untrained_share_) * of_trees.deviation / of_untrained.deviation;
  for (std::size_t i = 0; i < candidates; ++i) scores[i] += weight * (untrained[i] - of_untrained.mean);
  return scores;
}

bool are_numbers(std::span<const double> scores) {
  return std::ranges::all_of(scores, [](double score) { return std::isfinite(score); });
}

RankedList rank(const index::Snapshot& snapshot, const query::QueryPlan& plan, std::span<const index::Hit> hits,
                const features::Signals& signals, const RankModel* model, const RankScope& scope) {
  const FirstPass pass = first_pass(snapshot, hits, signals, scope.keep, scope.guests);
  std::vector<std::size_t> numbers = pass.kept;
  numbers.insert(numbers.end(), pass.guests.begin(), pass.guests.end());
  std::vector<index::Hit> ranked;
  std::vector<float> walk;
  for (const std::size_t number : numbers) {
    ranked.push_back(hits[number]);
    if (!signals.walk.empty()) walk.push_back(signals.walk[number]);
  }
  features::Signals of_ranked = signals;
  of_ranked.walk = walk;
  RankedList list{.items = {},
                  .features = features::compute_features(snapshot, plan, ranked, pass.kept.size(), of_ranked)};
  std::vector<double> learned;
  if (model != nullptr) learned = model->score(list.features);
  list.model_failed = !are_numbers(learned);
  const bool by_model = model != nullptr && !list.model_failed;
  for (std::size_t row = 0; row < ranked.size(); ++row) {
    list.items.push_back(
        {ranked[row], by_model ? learned[row] : list.features.row(row)[kUntrainedColumn], numbers[row], row});
  }
  std::ranges::sort(list.items, [](const RankedItem& a, const RankedItem& b) {
    return a.score != b.score ? a.score > b.score : a.hit.id_hash < b.hit.id_hash;
  });
  for (const std::size_t number : pass.left) list.items.push_back({hits[number], list.items.back().score, number});
  return list;
}

}  // namespace handsel::pipeline

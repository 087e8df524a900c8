#include "ranking/pipeline/rank.h"

#include <algorithm>

namespace handsel::pipeline {

Result<RankModel> RankModel::create(trees::TreeEnsemble trees) {
  RankModel model;
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
  std::vector<float> scores(candidates);
  trees_.predict(rows, scores);
  return {scores.begin(), scores.end()};
}

RankedList rank(const index::Snapshot& snapshot, const query::QueryPlan& plan, std::span<const index::Hit> hits,
                const features::Signals& signals, const RankModel* model) {
  RankedList list{.items = {}, .features = features::compute_features(snapshot, plan, hits, signals)};
  const std::vector<double> learned = model == nullptr ? std::vector<double>{} : model->score(list.features);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    list.items.push_back({hits[i], model == nullptr ? list.features.row(i)[1] : learned[i], i});
  }
  std::ranges::sort(list.items, [](const RankedItem& a, const RankedItem& b) {
    return a.score != b.score ? a.score > b.score : a.hit.id_hash < b.hit.id_hash;
  });
  return list;
}

}  // namespace handsel::pipeline

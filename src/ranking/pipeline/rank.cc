#include "ranking/pipeline/rank.h"

#include <algorithm>
#include <array>

#include "ranking/pipeline/features/feature.h"
#include "ranking/pipeline/features/stated_absence.h"

namespace handsel::pipeline {
namespace {

constexpr std::array<Feature, 3> kTextFeatures = {
    {{"title_pairs", 0.15, title_pairs}, {"exact_title", 0.5, exact_title}, {"stated_absence", 2.0, stated_absence}}};
constexpr std::array<Feature, 2> kFeedbackFeatures = {
    {{"taxonomy_prior", 0.3, taxonomy_prior}, {"feedback_terms", 0.2, feedback_terms}}};

std::vector<std::string_view> markers_of(const query::QueryPlan& plan) {
  if (plan.unwanted.empty()) return {};
  std::vector<std::string_view> markers(kAbsentBefore.begin(), kAbsentBefore.end());
  markers.push_back(kAbsentBehind);
  markers.push_back(plan.negation);
  for (const std::string& term : plan.unwanted) markers.push_back(term);
  return markers;
}

// Fills the matrix column by column and keeps the running score.
class Combination {
 public:
  explicit Combination(std::span<const index::Hit> hits) : scores_(hits.size()) {
    for (std::size_t i = 0; i < hits.size(); ++i) scores_[i] = match_score(hits[i]);
    add_column("match", 1.0, scores_);
  }

  const std::vector<double>& scores() const { return scores_; }

  // Features of one stage see the scores of the stage before.
  void add_stage(const FeatureInput& input, std::span<const Feature> features) {
    std::vector<double> sum = scores_;
    for (const Feature& feature : features) {
      std::vector<double> column(scores_.size());
      feature.compute(input, column);
      for (std::size_t i = 0; i < column.size(); ++i) sum[i] += feature.weight * column[i];
      add_column(feature.name, feature.weight, std::move(column));
    }
    scores_ = std::move(sum);
  }

  FeatureMatrix matrix() const {
    FeatureMatrix matrix{.names = names_, .weights = weights_, .values = {}};
    for (std::size_t i = 0; i < scores_.size(); ++i) {
      for (const std::vector<double>& column : columns_) matrix.values.push_back(column[i]);
    }
    return matrix;
  }

 private:
  void add_column(std::string_view name, double weight, std::vector<double> column) {
    names_.push_back(name);
    weights_.push_back(weight);
    columns_.push_back(std::move(column));
  }

  std::vector<double> scores_;
  std::vector<std::string_view> names_;
  std::vector<double> weights_;
  std::vector<std::vector<double>> columns_;
};

}  // namespace

double match_score(const index::Hit& hit) {
  return hit.score / index::kScoreOne;
}

RankedList rank(const index::Snapshot& snapshot, const query::QueryPlan& plan, std::span<const index::Hit> hits) {
  Combination combination(hits);
  if (!hits.empty()) {
    const TitleTable titles(snapshot, plan, hits, markers_of(plan));
    combination.add_stage({snapshot, plan, hits, titles, combination.scores()}, kTextFeatures);
    combination.add_stage({snapshot, plan, hits, titles, combination.scores()}, kFeedbackFeatures);
  }
  RankedList list{.items = {}, .features = combination.matrix()};
  for (std::size_t i = 0; i < hits.size(); ++i) list.items.push_back({hits[i], combination.scores()[i], i});
  std::ranges::sort(list.items, [](const RankedItem& a, const RankedItem& b) {
    return a.score != b.score ? a.score > b.score : a.hit.id_hash < b.hit.id_hash;
  });
  return list;
}

}  // namespace handsel::pipeline

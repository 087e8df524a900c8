#include "ranking/features/matrix.h"

#include <array>
#include <cmath>

#include "ranking/features/candidate_attributes.h"
#include "ranking/features/candidate_counts.h"
#include "ranking/features/candidate_vectors.h"
#include "ranking/features/candidate_words.h"
#include "ranking/features/stated_absence.h"

namespace handsel::features {
namespace {

// A feature without a unit counts with the query's mass, so that it weighs the same beside
// the words of a short query and of a long one.
enum class Unit { kIdf, kMass };

struct Entry {
  Feature feature;
  Unit unit = Unit::kIdf;
};

constexpr std::array<Entry, 3> kOfText = {{{{"title_pairs", 0.15, title_pairs}},
                                           {{"exact_title", 0.5, exact_title}},
                                           {{"stated_absence", 2.0, stated_absence}}}};
constexpr std::array<Entry, 2> kOfFeedback = {
    {{{"taxonomy_prior", 0.3, taxonomy_prior}}, {{"feedback_terms", 0.2, feedback_terms}}}};
constexpr std::array<Entry, 7> kOfMeaning = {{
    {{"similarity", 0.6, similarity}, Unit::kMass},
    {{"walk", 0.3, walk}, Unit::kMass},
    {{"taxonomy_intent", 0.2, taxonomy_intent}, Unit::kMass},
    {{"attribute_intent", 0.1, attribute_intent}, Unit::kMass},
    {{"attribute_agreement", 0.3, attribute_agreement}, Unit::kMass},
    {{"attribute_conflict", -0.3, attribute_conflict}, Unit::kMass},
    {{"attribute_tagged", 0, attribute_tagged}},
}};
constexpr std::array<Entry, 30> kOfAllElse = {{
    {{"similarity_feedback", 0.6, similarity_feedback}, Unit::kMass},
    {{"thing_similarity", 0, thing_similarity}},
    {{"word_similarity_least", 0, word_similarity_least}},
    {{"word_similarity_mean", 0, word_similarity_mean}},
    {{"session_attributes", 0.3, session_attributes}, Unit::kMass},
    {{"session_odds", 0, session_odds}},
    {{"session_taxonomy", 0.1, session_taxonomy}, Unit::kMass},
    {{"session_price", 0.05, session_price}, Unit::kMass},
    {{"session_similarity", 0.1, session_similarity}, Unit::kMass},
    {{"session_seen", 0, session_seen}},
    {{"thing_share", 0, thing_share}},
    {{"name_asked", 0, name_asked}},
    {{"name_found", 0, name_found}},
    {{"name_beside", 0, name_beside}},
    {{"words_found", 0, words_found}},
    {{"match_share", 0, match_share}},
    {{"title_share", 0, title_share}},
    {{"title_words", 0, title_words}},
    {{"query_words", 0, query_words}},
    {{"query_click_rate", 0, query_click_rate}},
    {{"query_purchases", 0, query_purchases}},
    {{"listing_click_rate", 0, listing_click_rate}},
    {{"listing_purchase_rate", 0, listing_purchase_rate}},
    {{"listing_shown", 0, listing_shown}},
    {{"price", 0, price}},
    {{"price_position", 0, price_position}},
    {{"rating", 0, rating}},
    {{"rating_count", 0, rating_count}},
    {{"favourites", 0, favourites}},
    {{"age_days", 0, age_days}},
}};

// That features read of every candidate.
constexpr std::string_view kColumnsRead[] = {"tag",    "language",     "taxonomy",   "price",
                                             "rating", "rating_count", "favourites", "created"};

constexpr std::size_t kColumns = 2 + kOfText.size() + kOfFeedback.size() + kOfMeaning.size() + kOfAllElse.size();

constexpr std::array<std::string_view, kColumns> all_names() {
  std::array<std::string_view, kColumns> names{kMatch, kUntrained};
  std::size_t next = 2;
  for (const Entry& entry : kOfText) names[next++] = entry.feature.name;
  for (const Entry& entry : kOfFeedback) names[next++] = entry.feature.name;
  for (const Entry& entry : kOfMeaning) names[next++] = entry.feature.name;
  for (const Entry& entry : kOfAllElse) names[next++] = entry.feature.name;
  return names;
}
constexpr auto kNames = all_names();

std::vector<std::string_view> markers_of(const query::QueryPlan& plan, const Signals& signals) {
  std::vector<std::string_view> markers;
  for (const query::NamedValue& value : signals.named)
    markers.insert(markers.end(), value.words.begin(), value.words.end());
  if (plan.unwanted.empty()) return markers;
  markers.insert(markers.end(), kAbsentBefore.begin(), kAbsentBefore.end());
  markers.push_back(kAbsentBehind);
  markers.push_back(plan.negation);
  for (const std::string& term : plan.unwanted) markers.push_back(term);
  return markers;
}

// Fills the matrix column by column and keeps the running score.
class Columns {
 public:
  Columns(std::span<const index::Hit> hits, double mass)
      : count_(hits.size()), mass_(mass), scores_(hits.size()), column_(hits.size()) {
    matrix_.names.assign(kNames.begin(), kNames.end());
    matrix_.weights.assign(kColumns, 0.0);
    matrix_.values.assign(count_ * kColumns, 0.0);
    for (std::size_t i = 0; i < count_; ++i) scores_[i] = match_score(hits[i]);
    set_column(0, 1.0, scores_);
  }

  std::span<const double> scores() const { return scores_; }

  // Features of one stage see the scores of the stage before.
  void add_stage(const FeatureInput& input, std::span<const Entry> entries) {
    std::vector<double> sum = scores_;
    for (const Entry& entry : entries) {
      column_.assign(count_, 0.0);
      entry.feature.compute(input, column_);
      const double weight = entry.feature.weight * (entry.unit == Unit::kMass ? mass_ : 1.0);
      for (std::size_t i = 0; i < count_; ++i) {
        if (weight != 0 && !std::isnan(column_[i])) sum[i] += weight * column_[i];
      }
      set_column(next_++, weight, column_);
    }
    scores_ = std::move(sum);
  }

  FeatureMatrix finish() {
    set_column(1, 0.0, scores_);
    return std::move(matrix_);
  }

 private:
  void set_column(std::size_t column, double weight, std::span<const double> values) {
    matrix_.weights[column] = weight;
    for (std::size_t i = 0; i < count_; ++i) matrix_.values[i * kColumns + column] = values[i];
  }

  const std::size_t count_;
  const double mass_;
  std::vector<double> scores_;
  std::vector<double> column_;
  std::size_t next_ = 2;
  FeatureMatrix matrix_;
};

}  // namespace

std::span<const std::string_view> feature_names() {
  return kNames;
}

double match_score(const index::Hit& hit) {
  return hit.score / index::kScoreOne;
}

FeatureMatrix compute_features(const index::Snapshot& snapshot, const query::QueryPlan& plan,
                               std::span<const index::Hit> hits, std::size_t peers, const Signals& signals) {
  Columns columns(hits, plan.mass());
  if (hits.empty()) return columns.finish();
  index::prefetch_documents(snapshot, hits, kColumnsRead);
  const TitleTable titles(snapshot, plan, hits, markers_of(plan, signals));
  const CandidateTags tags(snapshot, hits, signals.lexicon);
  const OwnNames names(plan, hits, peers, tags, signals);
  const NamedValues named(snapshot, hits, signals, titles, tags, names);
  const CandidateCounts counts(snapshot, hits, signals);
  const CandidateVectors vectors(snapshot, hits, signals.vectors);
  const CandidateWords words(vectors, hits.size(), peers, signals);
  const CandidateAttributes attributes(snapshot, hits, signals.profile != nullptr);
  for (const std::span<const Entry> stage : {std::span<const Entry>(kOfText), std::span<const Entry>(kOfFeedback),
                                             std::span<const Entry>(kOfMeaning), std::span<const Entry>(kOfAllElse)}) {
    columns.add_stage({snapshot, plan, hits, peers, titles, named, names, counts, vectors, words, attributes, signals,
                       columns.scores()},
                      stage);
  }
  return columns.finish();
}

}  // namespace handsel::features

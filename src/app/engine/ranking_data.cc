#include "app/engine/ranking_data.h"

#include <algorithm>
#include <unordered_set>

#include "base/core/hash.h"
#include "ranking/features/matrix.h"

namespace handsel {

void RankingData::begin(const search::CandidateRows& candidates) {
  if (!rows_.features.empty()) return;
  const auto names = candidates.names.empty() ? features::feature_names() : std::span(candidates.names);
  shown_column_ = static_cast<std::size_t>(std::ranges::find(names, kNotLearned[0]) - names.begin());
  for (std::size_t column = 0; column < names.size(); ++column) {
    if (std::ranges::find(kNotLearned, names[column]) != kNotLearned.end()) continue;
    columns_.push_back(column);
    rows_.features.emplace_back(names[column]);
  }
}

void RankingData::add_row(const search::CandidateRows& candidates, std::size_t row, const Told& told) {
  const auto values = std::span(candidates.values).subspan(row * candidates.names.size(), candidates.names.size());
  for (const std::size_t column : columns_) rows_.values.push_back(static_cast<float>(values[column]));
  rows_.gains.push_back(told.gain);
  rows_.weights.push_back(told.weight);
  rows_.offsets.push_back(told.offset);
  rows_.unseen.push_back(told.unseen ? 1 : 0);
}

void RankingData::add_judged(const search::CandidateRows& candidates,
                             const std::unordered_map<std::string, double>& gains) {
  begin(candidates);
  for (std::size_t i = 0; i < candidates.ids.size(); ++i) {
    const auto judged = gains.find(candidates.ids[i]);
    const bool known = judged != gains.end();
    add_row(
        candidates, i,
        {.gain = known ? kJudgedGain * static_cast<float>(judged->second) : 0, .weight = known ? 1 : kUnjudgedWeight});
  }
  rows_.ends.push_back(rows_.rows());
}

bool RankingData::was_shown(const search::CandidateRows& candidates, std::size_t row) const {
  return shown_column_ < candidates.names.size() &&
         candidates.values[row * candidates.names.size() + shown_column_] > 0;
}

void RankingData::add_search(const search::CandidateRows& candidates, const learning::LabelledSearch& search) {
  begin(candidates);
  std::unordered_map<std::string_view, const learning::LabelledRow*> labels;
  for (const learning::LabelledRow& row : search.rows) labels.emplace(row.listing_id, &row);
  const std::unordered_set<std::uint64_t> shown(search.shown.begin(), search.shown.end());
  // By a hash, so that the order of rows with equal scores says nothing of their labels.
  struct Row {
    std::uint64_t hash = 0;
    std::size_t candidate = 0;
    Told told;
  };
  std::vector<Row> seen;
  std::vector<Row> unseen;
  const std::uint64_t seed = hash64(search.query_id);
  float least = 0;  // offset of the page
  for (const learning::LabelledRow& row : search.rows) least = std::min(least, row.offset);
  for (std::size_t i = 0; i < candidates.ids.size(); ++i) {
    const auto label = labels.find(candidates.ids[i]);
    const std::uint64_t hash = hash64(candidates.ids[i], seed);
    if (label != labels.end()) {
      seen.push_back({hash, i, {.gain = label->second->gain, .offset = label->second->offset}});
    } else if (candidates.drawn[i] && !shown.contains(hash64(candidates.ids[i])) && was_shown(candidates, i)) {
      unseen.push_back({hash, i, {.weight = kUnseenWeight, .offset = least, .unseen = true}});
    }
  }
  std::ranges::sort(unseen, {}, &Row::hash);
  unseen.resize(std::min(unseen.size(), kUnseenMax));
  seen.insert(seen.end(), unseen.begin(), unseen.end());
  std::ranges::sort(seen, {}, &Row::hash);
  for (const Row& row : seen) add_row(candidates, row.candidate, row.told);
  rows_.ends.push_back(rows_.rows());
}

std::uint64_t RankingData::add_in_turns(std::span<const RankingData> parts) {
  std::uint64_t added = 0;
  for (std::size_t turn = 0;; ++turn) {
    const std::uint64_t before = added;
    for (const RankingData& part : parts) {
      const trees::RankingRows& from = part.rows_;
      if (turn >= from.groups()) continue;
      if (rows_.features.empty()) rows_.features = from.features;
      trees::append_rows(from, from.begin_of(turn), from.ends[turn], rows_);
      rows_.ends.push_back(rows_.rows());
      ++added;
    }
    if (added == before) return added;
  }
}

learning::RankerOptions ranker_options() {
  learning::RankerOptions options;
  options.baseline = std::string(features::kUntrained);
  options.increasing = {std::string(features::kUntrained),
                        "match",
                        "similarity",
                        "walk",
                        "taxonomy_intent",
                        "attribute_intent",
                        "attribute_agreement",
                        "attribute_tagged",
                        "thing_share",
                        "name_asked",
                        "name_found",
                        "words_found",
                        "match_share",
                        "title_share",
                        "session_attributes",
                        "session_odds"};
  options.trees.rounds = 150;
  options.trees.learning_rate = 0.1;
  options.trees.leaves = 8;
  options.trees.row_share = 0.8;
  options.trees.column_share = 0.5;
  return options;
}

}  // namespace handsel

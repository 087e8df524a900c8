// Rows that a ranker learns from, out of the rows that the path computed: of judged
// queries, and of searches that people acted on.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "products/search/search.h"
#include "ranking/learning/ranker_training.h"
#include "ranking/learning/training_rows.h"
#include "ranking/trees/ranking_rows.h"

namespace handsel {

// Of a judged query, what nobody judged counts as worth nothing, but not as surely.
inline constexpr float kUnjudgedWeight = 0.5F;
// A judged query of gains 0..1 counts its gains so high, beside clicks of gain 1.
inline constexpr float kJudgedGain = 8;

class RankingData {
 public:
  // All candidates are rows. Queries without any candidate make an empty group.
  void add_judged(const search::CandidateRows& candidates, const std::unordered_map<std::string, double>& gains);
  // Rows are the labelled ones that are among the candidates.
  void add_search(const search::CandidateRows& candidates, const learning::LabelledSearch& search);

  const trees::RankingRows& rows() const { return rows_; }

 private:
  void add_row(const search::CandidateRows& candidates, std::size_t row, float gain, float weight);
  void begin(const search::CandidateRows& candidates);

  trees::RankingRows rows_;
};

// How rankers of this program are trained.
learning::RankerOptions ranker_options();

}  // namespace handsel

// Rows that a ranker learns from, out of the rows that the path computed: of judged
// queries, and of searches that people acted on.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "products/search/search.h"
#include "ranking/learning/ranker_training.h"
#include "ranking/learning/training_rows.h"
#include "ranking/trees/ranking_rows.h"

namespace handsel {

// Of a judged query, what nobody judged counts as worth nothing, but not as surely.
inline constexpr float kUnjudgedWeight = 0.5F;
// A judged query of gains 0..1 counts its gains so high, beside clicks of gain 1.
inline constexpr float kJudgedGain = 8;

// What was a candidate of a search and not on its page: nobody said no to it, so it weighs less
// than what was passed over. Without such rows a ranker learns to tell good listings apart from
// one another and never meets a bad one, of which a page made from candidates has many (Zadrozny
// 2004, "Learning and evaluating classifiers under sample selection bias"). Only what was shown
// somewhere before: beside listings that never had a chance, everything that was shown looks
// good, and a ranker learns who was shown. It was looked at no more than the last of the page, and has
// the same offset. Many searches tell whether to believe more or less of it: learning::Unseen.
inline constexpr float kUnseenWeight = 0.5F;
inline constexpr std::size_t kUnseenMax = 40;  // of a search, by a hash of search and listing
// So many candidates are drawn to find them: by chance, for those that the first pass keeps are not what a page
// leaves out. Of its best alone nobody learns what is bad: .897 of NDCG@10 in truth instead of .953.
inline constexpr std::size_t kDrawnMax = 100;

// Features that say what the order of the past did, not what a listing is worth: a ranker that
// learns them shows again what was shown (the feedback loop of Chaney, Stewart & Engelhardt
// 2018, "How algorithmic confounding in recommendation systems increases homogeneity").
// The rates are known of what was shown alone, so they tell the same.
inline constexpr std::array<std::string_view, 5> kNotLearned = {
    "listing_shown", "listing_click_rate", "listing_purchase_rate", "query_click_rate", "query_purchases"};

class RankingData {
 public:
  // All candidates are rows. Queries without any candidate make an empty group.
  void add_judged(const search::CandidateRows& candidates, const std::unordered_map<std::string, double>& gains);
  // Rows are the labelled ones that are among the candidates, and a sample of those that were drawn and never shown.
  // What was shown and has no label was perhaps never looked at, and is left out.
  void add_search(const search::CandidateRows& candidates, const learning::LabelledSearch& search);

  // A group of the first part, one of the second, ... until there is no more; how many there were.
  std::uint64_t add_in_turns(std::span<const RankingData> parts);

  const trees::RankingRows& rows() const { return rows_; }

 private:
  struct Told {
    float gain = 0;
    float weight = 1;
    float offset = 0;
    bool unseen = false;
  };
  void add_row(const search::CandidateRows& candidates, std::size_t row, const Told& told);
  void begin(const search::CandidateRows& candidates);
  // To anybody, before the search.
  bool was_shown(const search::CandidateRows& candidates, std::size_t row) const;

  trees::RankingRows rows_;
  std::vector<std::size_t> columns_;  // of the candidates' rows, that rows_ has
  std::size_t shown_column_ = 0;
};

// How rankers of this program are trained.
learning::RankerOptions ranker_options();

}  // namespace handsel

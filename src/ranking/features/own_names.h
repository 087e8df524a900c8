// What the candidates call themselves: the ending that the tags of a listing share.
//
// "leather journal", "rustic leather journal", "fox", "yellow leather journal" are the tags of a
// leather journal; "journal", "linen journal", "boho journal" those of a journal. The name begins
// with the last word that most tags end with (two or more), and grows to the left while
// kSameNameShare of those tags, and at least two, have the same word there.
//
// How much a word of the query is a name rather than a trait is seen from the candidates, too:
//
//   naming(word) = (candidates that have the word in their name + prior) / (candidates with it in a tag + 1)
//
// over candidates that have a name; prior: 1 for a word that names no attribute
// (query::QueryUnderstanding::things), else 0. Titles are no good for this: they say trait and name alike.
//
// Words are terms as the query's language makes them. Read once, used by several features.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "ranking/query/query_plan.h"
#include "views/index/index.h"

namespace handsel::features {

struct Signals;

inline constexpr std::size_t kNameWordsMax = 4;
inline constexpr double kSameNameShare = 0.6;

class OwnNames {
 public:
  // Names nothing without signals.analyzer.
  OwnNames(const index::Snapshot& snapshot, const query::QueryPlan& plan, std::span<const index::Hit> candidates,
           const Signals& signals);

  // How much of what the query calls the thing is in the candidate's name, and how much of the name
  // the query does not say; 0..1. Nothing where tags share no ending, or no word of the query is a name.
  std::optional<double> found(std::size_t candidate) const { return found_[candidate]; }
  std::optional<double> beside(std::size_t candidate) const { return beside_[candidate]; }

 private:
  std::vector<std::optional<double>> found_;
  std::vector<std::optional<double>> beside_;
};

}  // namespace handsel::features

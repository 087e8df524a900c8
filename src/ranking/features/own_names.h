// What the candidates call themselves: the ending that the tags of a listing share; and what of the query
// is such a name.
//
// "leather journal", "rustic leather journal", "fox", "yellow leather journal" are the tags of a
// leather journal; "journal", "linen journal", "boho journal" those of a journal. The name begins
// with the last word that most tags end with (two or more), and grows to the left while
// kSameNameShare of those tags, and at least two, have the same word there. Where tags share no ending, a
// candidate is called what others are called and one of its tags ends with.
//
// Who asks for a "gold filled pendant" and a "rustic leather journal" names a pendant and a leather
// journal: the name of two candidates or more whose words the query has side by side. Of names within
// each other the longest; of others (a "screen printed rucksack" is no screen print) the one of those that
// match best, by the second best of each.
//
// How much a single word of the query is a name rather than a trait is seen from the candidates, too:
//
//   naming(word) = (candidates that have the word in their name + prior) / (candidates with it in a tag + 1)
//
// over candidates that have a name; prior: 1 for a word that names no attribute
// (query::QueryUnderstanding::things), else 0. Titles are no good for this: they say trait and name alike.
//
// Read once, used by several features.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ranking/features/candidate_tags.h"
#include "ranking/query/query_plan.h"

namespace handsel::features {

struct Signals;

inline constexpr std::size_t kNameWordsMax = 4;
inline constexpr double kSameNameShare = 0.6;
inline constexpr std::size_t kCalledSoMin = 2;  // candidates, for a name to be looked for elsewhere

class OwnNames {
 public:
  using Groups = std::uint64_t;  // of the plan, as bits; those behind the first 64 name nothing

  // `tags`: of these candidates. What others are called is seen from the first `peers`.
  OwnNames(const query::QueryPlan& plan, std::span<const index::Hit> candidates, std::size_t peers,
           const CandidateTags& tags, const Signals& signals);

  // Words of the candidate's name, the last one first; none where it has no name.
  std::span<const CandidateTags::Word> name(std::size_t candidate) const { return names_[candidate]; }
  // Whether these terms of the query all belong to the name that is asked for, wherever they stand.
  bool is_asked_name(std::span<const std::string> terms) const;

  // Whether the candidate's name is the one that is asked for; 0 or 1. Nothing where either has none.
  std::optional<double> asked(std::size_t candidate) const { return called_as_asked_[candidate]; }
  // How much of what the query calls the thing is in the candidate's name, and how much of the name
  // the query does not say; 0..1. Nothing where it has no name, or no word of the query is one.
  std::optional<double> found(std::size_t candidate) const { return found_[candidate]; }
  std::optional<double> beside(std::size_t candidate) const { return beside_[candidate]; }

 private:
  // Of each group, how much it is a name.
  std::vector<double> naming(const CandidateTags& tags, std::size_t peers, const Signals& signals) const;
  void find_words(const TagLexicon& lexicon);
  Groups groups_of_word(CandidateTags::Word word) const;
  Groups groups_of_all(std::span<const CandidateTags::Word> words) const;
  void find_asked(std::span<const index::Hit> candidates, std::size_t peers);

  const query::QueryPlan& plan_;
  std::vector<std::vector<CandidateTags::Word>> names_;
  // By words of the tags: which of them the query has, and for those which groups.
  std::vector<bool> has_word_;
  std::unordered_map<CandidateTags::Word, Groups> of_word_;
  std::vector<bool> asked_;  // of each place of the plan's sequence: it is of the name that is asked for
  std::vector<std::optional<double>> called_as_asked_;
  std::vector<std::optional<double>> found_;
  std::vector<std::optional<double>> beside_;
};

}  // namespace handsel::features

// Counts neighbours and short phrases in titles.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/completion.h"
#include "ranking/query/internal/word_counter.h"
#include "ranking/query/query_model.h"

namespace handsel::query {

// Which two words stand next to each other in titles, by their joined spelling: a hash
// of the two written as one, with the place of the seam. 12 bytes a pair.
class PairCounts {
 public:
  PairCounts() = default;
  // `keys` of all titles, in any order; those found once are forgotten. `rate`: of how
  // many titles one was counted.
  PairCounts(std::vector<std::uint64_t> keys, double rate);

  static std::uint64_t key(std::string_view left, std::string_view right_term);

  std::uint64_t titles(std::string_view left, std::string_view right_term) const {
    return count(key(left, right_term));
  }
  // Of all seams the most frequent, the first of several.
  std::optional<QueryModel::Halves> best_split(std::string_view joined) const;
  std::size_t bytes() const { return keys_.size() * (sizeof(std::uint64_t) + sizeof(std::uint32_t)); }

 private:
  std::uint64_t count(std::uint64_t key) const;

  std::vector<std::uint64_t> keys_;  // ascending
  std::vector<std::uint32_t> counts_;
  double rate_ = 1;
};

// Feed it title by title. Memory: about 8 bytes for each phrase of a title.
class PhraseCounter {
 public:
  void begin_title();
  void add_word(std::string_view surface, std::string_view term, bool is_stop_word);
  void end_title();
  void add_name(std::string name);  // of a category

  PairCounts pairs(double rate);
  // Words, pairs and triples that begin and end with a word of meaning, and names; those
  // of kPhraseTitlesMin titles or more; the `limit` most frequent, scaled by `rate`.
  std::vector<text::WeightedPhrase> phrases(std::size_t limit, double rate);

 private:
  struct Word {
    std::uint32_t number = 0;
    bool is_stop_word = false;
  };
  std::uint32_t number_of(std::string_view surface);

  StringMap<std::uint32_t> numbers_;
  std::vector<const std::string*> surfaces_;  // by number; owned by numbers_
  std::vector<Word> title_;
  std::string previous_surface_;
  std::vector<std::uint64_t> title_pairs_;
  std::vector<std::uint64_t> title_phrases_;
  std::vector<std::uint64_t> pairs_;
  std::vector<std::uint64_t> phrases_;  // up to three numbers of kNumberBits bits
  StringMap<std::uint64_t> names_;
};

}  // namespace handsel::query

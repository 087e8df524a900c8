// Counts how words are written, for the spelling dictionary.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/text/vocabulary.h"
#include "base/core/string_map.h"
#include "views/index/index.h"

namespace handsel::query {

// Four letters or more, nothing else; only such words are corrected, or a correction.
bool is_spelt_word(std::string_view surface);
std::size_t letters_in(std::string_view surface);

// Knows the index's terms that two listings or more have; a single one is as likely a mistake.
class WordCounter {
 public:
  explicit WordCounter(const index::Snapshot& snapshot);

  void add(std::string_view surface, std::string_view term);

  // Surfaces with their share of the listings that have the term; a term that no text
  // was seen for stands for itself. The `limit` most frequent.
  std::vector<text::WeightedWord> finish(std::size_t limit) const;

 private:
  struct Term {
    std::uint64_t listings = 0;
    std::uint64_t seen = 0;
  };
  StringMap<Term> terms_;
  StringMap<std::uint64_t> surfaces_;  // surface, zero byte, term
  std::string key_;
};

}  // namespace handsel::query

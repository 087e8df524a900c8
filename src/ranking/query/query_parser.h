// What a person typed into the search box becomes words, phrases and exclusions.
//
//   linen apron -plastic "hand made"
//
// It never fails: what cannot be read as meant is read as plain words, and said in
// `complaints`. Pure; any thread; linear in the text, which is cut at kQueryBytesMax.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/analyzer.h"

namespace handsel::query {

inline constexpr std::size_t kQueryBytesMax = 2'000;
inline constexpr std::size_t kQueryWordsMax = 32;
inline constexpr std::size_t kExcludedMax = 8;
inline constexpr std::size_t kComplaintsMax = 8;

struct QueryWord {
  std::string term;       // as the index has it
  std::string surface;    // as it was typed, folded
  bool stop = false;      // carries no meaning of its own
  bool quoted = false;    // meant as it is: neither corrected nor widened
  std::size_t begin = 0;  // bytes of ParsedQuery::text
  std::size_t end = 0;
  bool operator==(const QueryWord&) const = default;
};

struct ParsedQuery {
  std::string text;  // what was read
  std::string language;
  std::vector<QueryWord> words;  // in the order of the text
  struct WordRange {
    std::size_t begin = 0;  // words
    std::size_t end = 0;
    bool operator==(const WordRange&) const = default;
  };
  std::vector<WordRange> phrases;  // two quoted words or more
  std::vector<QueryWord> excluded;
  std::vector<std::string> complaints;

  bool has_words() const { return !words.empty(); }
};

// A minus excludes only where it must be meant: after white space, before a letter,
// in front of one word, with another word that is wanted ("t-shirt", "mug - blue" and
// "-10" stay words). A quotation mark opens a phrase only at the beginning of a word
// and where another one closes it at the end of one (8" x 10" stays a size).
ParsedQuery parse_query(const text::Analyzer& analyzer, std::string_view text, std::string_view language);

}  // namespace handsel::query

// A spelling dictionary: which known words are within one or two edits of a given one?
//
// An edit inserts, drops or replaces a character, or swaps two neighbours (restricted
// Damerau-Levenshtein distance, levenshtein.h). Words are compared by code point and are
// expected folded (Token::surface).
//
// Symmetric deletion (W. Garbe, SymSpell, 2012), kept small: only the first
// kSpelledPrefix characters of a word are keyed, each distinct beginning once. Two words
// within d edits share a string that d deletions make of each one's beginning; so every
// word that shares one with the query is a candidate, and is then measured.
//
// Immutable after build(); any number of threads. With 500,000 words (57,000 of real
// listings, the others made up after them) a look-up with two edits took 60
// microseconds in the median, with one 7; a word cost 97 bytes, all told.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/levenshtein.h"  // kSpelledCharactersMax: longer words are known, but never suggested or corrected

namespace handsel::text {

inline constexpr std::size_t kEditsMax = 2;
inline constexpr std::size_t kSpelledPrefix = 7;              // characters; longer: fewer candidates, more memory
inline constexpr std::size_t kVocabularyWordsMax = 1u << 24;  // the rest, in byte order, is left out

struct WeightedWord {
  std::string word;
  std::uint64_t weight = 0;  // how often it is meant; equal words add up
};

struct SpellingCandidate {
  std::string_view word;  // lives as long as the vocabulary
  std::uint64_t weight = 0;
  std::size_t edits = 0;
  double score = 0;  // what they are ranked by: ln(1 + weight) less the price of the edits
  bool operator==(const SpellingCandidate&) const = default;
};

class Vocabulary {
 public:
  Vocabulary() = default;
  static Vocabulary build(std::vector<WeightedWord> words);

  // The `limit` best words within `edits_max` (0..kEditsMax) edits of `word`, itself
  // included where it is known; best score first, ties by word.
  std::vector<SpellingCandidate> lookup(std::string_view word, std::size_t edits_max, std::size_t limit) const;
  // The obvious twin: measures every word.
  std::vector<SpellingCandidate> lookup_by_scan(std::string_view word, std::size_t edits_max, std::size_t limit) const;

  // Nothing where the word is not known.
  std::optional<std::uint64_t> weight(std::string_view word) const;

  std::size_t size() const { return weights_.size(); }
  std::size_t memory_bytes() const;

 private:
  class Deletions;
  // A distinct beginning: its words go on to where the next one's start.
  struct Prefix {
    std::uint32_t first_word = 0;
    std::uint32_t letters = 0;  // a set, as letters_of() makes it
  };
  using Posting = std::array<std::uint8_t, 3>;  // little-endian; kVocabularyWordsMax fits
  struct Found {
    std::uint32_t word = 0;
    std::size_t edits = 0;
  };

  std::string_view word_at(std::size_t number) const;
  void add_prefixes();
  void add_postings();
  // Beginnings that share a shortened form with that of `word`; each once.
  std::vector<std::uint32_t> prefixes_near(std::u32string_view word, std::size_t edits_max) const;
  std::vector<SpellingCandidate> rank(const std::vector<Found>& found, std::u32string_view word,
                                      std::size_t limit) const;

  std::string bytes_;                   // the words, in byte order, end to end
  std::vector<std::uint32_t> begins_;   // of each word in bytes_, and the end
  std::vector<std::uint32_t> weights_;  // of each word; what is more than fits counts as the most that fits
  std::vector<Prefix> prefixes_;        // and one for the end
  std::vector<std::uint32_t> buckets_;  // by hash of a shortened beginning: its first place in postings_, and the end
  std::vector<Posting> postings_;       // numbers of beginnings
};

}  // namespace handsel::text

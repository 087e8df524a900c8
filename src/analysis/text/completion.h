// What a person may be about to type: phrases by their beginning, best first.
//
// Phrases are matched in the form in which text is compared (fold_text in fold.h), so
// "Caf" finds "café au lait". Those that begin with the prefix come first, by weight;
// where they are too few, those in which a later word begins with it, by weight.
//
// Immutable after build(); any number of threads. complete() costs two binary searches
// and O(k log k) steps over a tree of maxima (Muthukrishnan 2002, "Efficient
// algorithms for document retrieval problems"); memory is the phrases plus about
// 16 bytes a word.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace handsel::text {

inline constexpr std::size_t kPhraseBytesMax = 200;           // longer phrases are left out
inline constexpr std::size_t kCompletionBytesMax = 1u << 30;  // of all phrases; those beyond are left out

struct WeightedPhrase {
  std::string text;  // as it is shown
  std::uint64_t weight = 0;
};

struct Completed {
  std::string_view text;  // lives as long as the completion
  std::uint64_t weight = 0;
  bool operator==(const Completed&) const = default;
};

class Completion {
 public:
  Completion() = default;
  // Of phrases that fold to the same, the heaviest is shown and their weights add up.
  static Completion build(std::vector<WeightedPhrase> phrases);

  // The `limit` best; ties by folded text. An empty prefix gives the heaviest of all.
  std::vector<Completed> complete(std::string_view prefix, std::size_t limit) const;
  // The obvious twin: looks at every phrase.
  std::vector<Completed> complete_by_scan(std::string_view prefix, std::size_t limit) const;

  std::size_t size() const { return phrases_.empty() ? 0 : phrases_.size() - 1; }
  std::size_t memory_bytes() const;

 private:
  struct Phrase {
    std::uint32_t text_begin = 0;
    std::uint32_t key_begin = 0;  // the ends are the next one's begins
    std::uint64_t weight = 0;
  };
  // A place in some phrase's key where a word begins.
  struct Start {
    std::uint32_t phrase = 0;
    std::uint32_t offset = 0;
  };
  // Places sorted by the text that begins there, with a tree of the best ones: node i is
  // the better of nodes 2i and 2i+1, node n + i is place i.
  struct Places {
    std::vector<Start> starts;
    std::vector<std::uint32_t> best;
  };
  class Chooser;

  std::string_view text_of(std::size_t phrase) const;
  std::string_view key_of(std::size_t phrase) const;
  std::string_view key_from(const Start& start) const { return key_of(start.phrase).substr(start.offset); }
  bool better(const Start& a, const Start& b) const;
  void sort_and_rank(Places& places) const;
  std::uint32_t best_of(const Places& places, std::size_t begin, std::size_t end) const;

  std::string texts_;
  std::string keys_;
  std::vector<Phrase> phrases_;  // by key, and one to mark the end
  Places whole_;                 // where phrases begin
  Places later_;                 // where their other words begin
};

}  // namespace handsel::text

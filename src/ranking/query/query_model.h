// What a catalogue and its searchers know about words, at one moment: which words
// there are, which stand next to each other in titles, what is searched for, what
// means the same.
//
// Built in the background by build_query_model(), then immutable and read by any
// thread. The same listings, searches and synonyms give the same model, in whatever
// order and segments they lie. Bounded whatever the catalogue: beyond
// kModelListingsMax listings it learns surfaces and neighbours from a sample of that
// many, drawn by the hash of the id. A million demo listings: about ten seconds of one
// core, up to 200 MB while building, 22 MB afterwards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/text/analyzer.h"
#include "base/core/result.h"
#include "facts/catalog/listing.h"
#include "ranking/query/synonyms.h"
#include "views/index/index.h"

namespace handsel::query {

inline constexpr std::size_t kModelListingsMax = 250'000;
inline constexpr std::size_t kModelTitleWordsMax = 24;  // of one title; the rest is not learnt from
inline constexpr std::size_t kModelWordsMax = 400'000;  // that spelling knows
inline constexpr std::size_t kModelCompletionsMax = 100'000;
inline constexpr std::uint64_t kCompletionSearchesMin = 3;  // what fewer people searched may be private

struct Completion {
  std::string text;
  std::uint64_t weight = 0;
  bool operator==(const Completion&) const = default;
};

inline constexpr std::size_t kTwoEditsFrom = 8;  // letters

class QueryModel {
 public:
  virtual ~QueryModel() = default;

  // The known word that `surface` is most likely a misspelling of. Only words of letters;
  // the first letter counts as right. One edit (a letter more, less or other, two swapped)
  // in short words, two from kTwoEditsFrom letters on.
  struct Correction {
    std::string surface;
    std::size_t edits = 0;
    bool operator==(const Correction&) const = default;
  };
  virtual std::optional<Correction> correct(std::string_view surface) const = 0;

  // "keychain" -> "key chain", where titles write it in two words. `term` is as the index
  // has it; so is the right half ("bandsaws" -> term "bandsaw" -> "band" and "saw").
  struct Halves {
    std::string left;
    std::string right_term;
    std::uint64_t titles = 0;  // with the two as neighbours
    bool operator==(const Halves&) const = default;
  };
  virtual std::optional<Halves> split(std::string_view term) const = 0;
  // Titles where the surface `left` stands before a word with `right_term`; 0 where fewer
  // than two do.
  virtual std::uint64_t neighbours(std::string_view left, std::string_view right_term) const = 0;

  virtual const Synonyms& synonyms() const = 0;

  // What people search for that begins like `prefix`; then what titles and categories are called.
  virtual std::vector<Completion> complete(std::string_view prefix, std::size_t limit) const = 0;

  virtual std::size_t bytes() const = 0;
};

struct QueryModelSources {
  const index::Snapshot& snapshot;
  const text::Analyzer& analyzer;
  // The whole listing of a document; one that cannot be had is passed over.
  std::function<Result<catalog::Listing>(const index::DocInfo&)> load_listing;
  std::span<const std::pair<std::string, std::uint64_t>> searches;  // query, how often
  Synonyms synonyms;
};
std::shared_ptr<const QueryModel> build_query_model(QueryModelSources sources);

}  // namespace handsel::query

// What the index is asked, and what it answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "views/index/filter.h"

namespace handsel::index {

// Everything of a listing that is searched is in one of these.
enum class Field : std::uint8_t { kTitle, kTags, kMaterials, kAttributes, kShop, kTaxonomy, kDescription };
inline constexpr std::size_t kFields = 7;

// One way to say a word: the word itself (weight 1), a synonym, a corrected spelling.
struct TermVariant {
  std::string term;  // as Token::term
  double weight = 1.0;
  bool operator==(const TermVariant&) const = default;
};

// One word of the query with its variants. A document scores by its best variant.
struct TermGroup {
  std::vector<TermVariant> variants;
  double weight = 1.0;
  bool required = true;  // counts for Match::kAll; stop words do not
  bool operator==(const TermGroup&) const = default;
};

enum class Match : std::uint8_t {
  kAny,  // at least one group
  kAll,  // every required group
};

// Words that must stand next to each other, in this order, in the title.
struct Phrase {
  std::vector<std::string> terms;
  bool operator==(const Phrase&) const = default;
};

struct SortKey {
  std::string column;  // a number column; empty: the score
  bool descending = true;
  bool operator==(const SortKey&) const = default;
};

struct FacetRequest {
  std::string field;           // a keyword column, or a number column with `bounds`
  std::size_t limit = 10;      // values returned, by count; at most kFacetValuesMax
  std::vector<double> bounds;  // numbers: ranges [b0,b1) [b1,b2) ...
  bool operator==(const FacetRequest&) const = default;
};
inline constexpr std::size_t kFacetValuesMax = 1000;

// Where the page before ended: results at or above this are passed over.
struct After {
  std::int64_t key = 0;  // score, or the sort column's order-preserving bits
  std::uint64_t id_hash = 0;
  bool operator==(const After&) const = default;
};

// A document of a Snapshot. Valid with that snapshot only.
struct DocRef {
  std::uint32_t segment = 0;
  std::uint32_t doc = 0;
  auto operator<=>(const DocRef&) const = default;
};

struct IndexQuery {
  std::vector<TermGroup> groups;  // none: every document, score 0
  std::vector<Phrase> phrases;
  std::vector<std::string> excluded;  // terms that no result has, in any field
  Match match = Match::kAll;
  Filter filter;
  SortKey sort;
  std::size_t top = 10;  // how many hits
  std::optional<After> after;
  bool exact_total = false;          // count all matches; otherwise `total` is a lower bound
  std::vector<FacetRequest> facets;  // exact counts; imply exact_total
  // Documents that are in the answer for another reason than their words: facets count
  // them, once each, whether they match or not. In growing order; live.
  std::vector<DocRef> also;
};

struct Hit {
  DocRef doc;
  std::int64_t key = 0;       // what it was sorted by: fixed-point score (kScoreOne is 1.0), or the column
  std::int32_t score = 0;     // fixed point
  std::uint64_t id_hash = 0;  // breaks ties, the smaller first
};
inline constexpr double kScoreOne = 4096 * 255;

struct FacetValue {
  std::string value;  // or "10..20" for a range
  std::uint64_t count = 0;
};

struct Facet {
  std::string field;
  std::vector<FacetValue> values;  // by count, then by value
  std::uint64_t distinct = 0;      // how many values there are in all
};

struct IndexAnswer {
  std::vector<Hit> hits;  // best first
  std::uint64_t total = 0;
  bool total_exact = false;
  std::vector<Facet> facets;
};

}  // namespace handsel::index

// The tables behind an Understanding, as they are built, written and read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/analyzer.h"
#include "base/core/result.h"
#include "ranking/query/understanding.h"

namespace handsel::query {

// A category or an attribute, and how much speaks for it.
struct Meaning {
  std::uint32_t number = 0;  // in the table of names
  float weight = 0;
  bool operator==(const Meaning&) const = default;
};

// Of a word or a query. `total` counts what is not among the meanings, too.
struct Evidence {
  std::string name;
  float total = 0;
  std::vector<Meaning> taxonomies;  // most first, at most kMeaningsMax
  std::vector<Meaning> attributes;
  std::vector<std::uint32_t> words;  // of a query: its words, by their numbers in the table
  bool operator==(const Evidence&) const = default;
};

struct Named {
  std::string name;
  float weight = 0;  // of all facts with it
  bool operator==(const Named&) const = default;
};

struct UnderstandingTables {
  float total = 0;  // of all facts
  std::vector<Named> taxonomies;
  std::vector<Named> attributes;
  std::vector<Evidence> words;    // in the order of their names
  std::vector<Evidence> queries;  // likewise
  bool operator==(const UnderstandingTables&) const = default;
};

std::string write_tables(const UnderstandingTables& tables);
Result<UnderstandingTables> read_tables(std::string_view bytes);

std::shared_ptr<const Understanding> make_understanding(UnderstandingTables tables);

// The terms of a query or title that carry meaning: no stop words, none twice, at most
// kContentTermsMax.
inline constexpr std::size_t kContentTermsMax = 32;
std::vector<std::string> content_terms(const text::Analyzer& analyzer, std::string_view text,
                                       std::string_view language);

}  // namespace handsel::query

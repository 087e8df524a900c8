// The tables behind an Understanding, as they are built, written and read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/analyzer.h"
#include "base/core/result.h"
#include "ranking/query/understanding.h"

namespace handsel::query {

// Of a word or a query. `total` counts what is not among the meanings, too. `independent`: how many
// facts of equal weight would tell as much (Kish 1965, "Survey sampling": the square of the sum
// of the weights by the sum of their squares); twenty clicks on one listing are one fact about
// what its attributes have to do with the query.
struct Evidence {
  std::string name;
  float total = 0;
  float independent = 0;
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

// What a word, or two neighbouring words with a space between them, names.
struct Naming {
  std::string name;
  std::vector<Meaning> attributes;          // with their bounds, most first, at most kMeaningsMax
  std::optional<Meaning> category;          // the surest, likewise
  std::vector<std::string> value_words;     // the terms of the first attribute's value, in their order
  std::vector<std::string> category_words;  // of the category that it names in another language than the catalogue's
  bool operator==(const Naming&) const = default;
};

struct UnderstandingTables {
  float total = 0;  // of all facts
  std::vector<Named> taxonomies;
  std::vector<Named> attributes;
  std::vector<Evidence> words;    // in the order of their names
  std::vector<Evidence> queries;  // likewise
  std::vector<Naming> namings;    // likewise
  bool operator==(const UnderstandingTables&) const = default;
};

// Lower end of Wilson's interval, 90 %, one-sided, for a share seen among n; n need not be whole.
double wilson_lower(double share, double n);

std::string write_tables(const UnderstandingTables& tables);
Result<UnderstandingTables> read_tables(std::string_view bytes);

std::shared_ptr<const Understanding> make_understanding(UnderstandingTables tables);

// The terms of a query or title that carry meaning: no stop words, none twice, at most
// kContentTermsMax.
inline constexpr std::size_t kContentTermsMax = 32;
inline constexpr std::size_t kNameWordsMax = 4;  // longer names are no other word for anything
std::vector<std::string> content_terms(const text::Analyzer& analyzer, std::string_view text,
                                       std::string_view language);

}  // namespace handsel::query

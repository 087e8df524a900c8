// What to search instead, when a query as it stands finds too little.
//
// In this order, at most kRewritesMax:
//   1. without the words that no listing has or, where there are none, without the least
//      informative word
//   2. the nearest query that others asked and acted after, which has no more words and
//      not all of these
//   3. without the two least informative words
// A word is worth its idf, as a share of the highest there is, plus how sure it is of its
// category (Understanding::certainty), so that "zanzibari apron" keeps its apron. What
// stands in quotation marks or after "without" stays, and so do exclusions; stop words
// before a word go with it. Nearness is the worth of the words in common over that of
// all words of both (weighted Jaccard), at least kNearnessMin.
//
// Pure; any thread. The caller asks only where it found too little: this does not look at
// what a rewrite would find.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ranking/query/query_parser.h"
#include "ranking/query/understanding.h"

namespace handsel::query {

inline constexpr std::size_t kRewritesMax = 3;
inline constexpr double kNearnessMin = 0.5;

struct Rewrite {
  std::string query;                  // to be parsed like any other
  std::string reason;                 // for people: "showing results for 'linen apron'; 'zanzibari' was left out"
  std::vector<std::string> left_out;  // words, as they were typed, folded
  bool operator==(const Rewrite&) const = default;
};

struct RewriteSources {
  const Understanding* understanding = nullptr;  // null: neither certainty nor known queries
  std::function<std::uint64_t(std::string_view term)> listings_with;
  std::uint64_t listings = 0;  // in all
};

std::vector<Rewrite> rewrites(const ParsedQuery& query, const RewriteSources& sources);

}  // namespace handsel::query

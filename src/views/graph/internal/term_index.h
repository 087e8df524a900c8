// Which queries and tags hold a word: the inverted list that unknown queries start from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/analyzer.h"

namespace handsel::graph::internal {

// The distinct terms of a text, first come first; the words after kTermsOfQueryMax are
// not looked at.
std::vector<std::string> distinct_terms(const text::Analyzer& analyzer, std::string_view text);

// What a term that `holding` of `all` texts hold is worth: ln(1 + all / holding).
double idf(std::size_t all, std::size_t holding);

struct NamedText {
  std::uint32_t node = 0;
  std::string_view text;
};

struct TermIndex {
  std::vector<std::string> terms;
  std::vector<std::uint32_t> rows;      // terms + 1
  std::vector<std::uint32_t> postings;  // nodes, ascending within a term
  std::vector<float> norms;             // of each text: sqrt of the sum of idf^2
};

// `texts` ascend by node.
TermIndex build_term_index(const text::Analyzer& analyzer, const std::vector<NamedText>& texts);

}  // namespace handsel::graph::internal

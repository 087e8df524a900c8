#include "views/graph/internal/term_index.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "views/graph/starts.h"

namespace handsel::graph::internal {
namespace {

struct Occurrence {
  std::uint32_t term = 0;
  std::uint32_t text = 0;
};

}  // namespace

std::vector<std::string> distinct_terms(const text::Analyzer& analyzer, std::string_view text) {
  std::vector<std::string> terms;
  std::size_t seen = 0;
  analyzer.visit_tokens(text, "", [&](const text::TokenView& token) {
    if (++seen > kTermsOfQueryMax) return;
    if (std::ranges::find(terms, token.term) == terms.end()) terms.emplace_back(token.term);
  });
  return terms;
}

double idf(std::size_t all, std::size_t holding) {
  return holding == 0 ? 0 : std::log1p(static_cast<double>(all) / static_cast<double>(holding));
}

TermIndex build_term_index(const text::Analyzer& analyzer, const std::vector<NamedText>& texts) {
  TermIndex index;
  std::unordered_map<std::string, std::uint32_t> numbers;
  std::vector<Occurrence> occurrences;
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    for (const std::string& term : distinct_terms(analyzer, texts[i].text)) {
      const auto [found, is_new] = numbers.try_emplace(term, static_cast<std::uint32_t>(index.terms.size()));
      if (is_new) index.terms.push_back(term);
      occurrences.push_back({found->second, i});
    }
  }
  index.rows.assign(index.terms.size() + 1, 0);
  for (const Occurrence& occurrence : occurrences) ++index.rows[occurrence.term + 1];
  for (std::size_t term = 0; term < index.terms.size(); ++term) index.rows[term + 1] += index.rows[term];
  std::vector<double> squares(texts.size());
  std::vector<std::uint32_t> next(index.rows.begin(), index.rows.end());
  index.postings.resize(occurrences.size());
  for (const auto& [term, text] : occurrences) {
    index.postings[next[term]++] = texts[text].node;
    const double worth = idf(texts.size(), index.rows[term + 1] - index.rows[term]);
    squares[text] += worth * worth;
  }
  for (const double square : squares) index.norms.push_back(static_cast<float>(std::sqrt(square)));
  return index;
}

}  // namespace handsel::graph::internal

// feedback_terms: words that the best candidates share, found in the others.
//
//   w(t) = sum over the top kTop candidates d: share(d) * impact(t, d) * idf(t)
//   for words t that are not of the query, have kLettersMin letters or more, are no
//   number, and stand in two listings or more with an idf of kIdfMin or more;
//   the best kTerms of them, normalised to sum 1. Only the kTermsLookedUp words with the
//   greatest sum of share * impact are asked for their idf: looking up all of them
//   took a third of a search, and judged quality is the same.
//   feedback(d) = mass of the query * sum of w(t) * impact(t, d)
//
// 0 to the query's mass. It finds listings that say the same in other words. The
// relevance model RM1 (Lavrenko & Croft, SIGIR 2001) over BM25 impacts; mixed with
// the query by the feature's weight, as in RM3.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "ranking/features/feature.h"
#include "ranking/features/top_candidates.h"

namespace handsel::features {
namespace {

constexpr std::size_t kTop = 10;
constexpr std::size_t kTerms = 20;
constexpr std::size_t kTermsLookedUp = 50;  // of the candidates' terms, before idf is known
constexpr std::size_t kLettersMin = 3;
constexpr std::uint64_t kListingsMin = 2;
constexpr double kIdfMin = 1.5;
constexpr double kImpactOne = 255;

struct Weighted {
  std::string term;
  double weight = 0;
};

bool is_of_query(const query::QueryPlan& plan, std::string_view term) {
  return std::ranges::any_of(plan.groups, [&](const index::TermGroup& group) {
    return std::ranges::any_of(group.variants, [&](const auto& variant) { return variant.term == term; });
  });
}

bool tells_something(std::string_view term) {
  return term.size() >= kLettersMin && std::ranges::any_of(term, [](char c) { return c < '0' || c > '9'; });
}

// The `count` terms with the greatest weights, best first; ties by term.
void keep_best(std::vector<Weighted>& terms, std::size_t count) {
  count = std::min(count, terms.size());
  std::ranges::partial_sort(
      terms, terms.begin() + static_cast<std::ptrdiff_t>(count),
      [](const auto& a, const auto& b) { return a.weight != b.weight ? a.weight > b.weight : a.term < b.term; });
  terms.resize(count);
}

std::vector<Weighted> learn(const FeatureInput& input) {
  std::map<std::string, double> weights;
  for (const WeightedCandidate& candidate : top_candidates(input, kTop)) {
    for (index::DocTerm& term : index::document_terms(input.snapshot, input.candidates[candidate.number].doc)) {
      if (!tells_something(term.term) || is_of_query(input.plan, term.term)) continue;
      weights[std::move(term.term)] += candidate.weight * term.impact / kImpactOne;
    }
  }
  std::vector<Weighted> terms;
  for (const auto& [term, weight] : weights) terms.push_back({term, weight});
  keep_best(terms, kTermsLookedUp);
  for (Weighted& term : terms) {
    const std::uint64_t listings = index::document_frequency(input.snapshot, term.term);
    const double idf = index::idf(input.snapshot.live, listings);
    term.weight *= listings < kListingsMin || idf < kIdfMin ? 0 : idf;
  }
  std::erase_if(terms, [](const Weighted& term) { return term.weight == 0; });
  keep_best(terms, kTerms);
  double sum = 0;
  for (const Weighted& term : terms) sum += term.weight;
  for (Weighted& term : terms) term.weight /= sum;
  return terms;
}

}  // namespace

void feedback_terms(const FeatureInput& input, std::span<double> out) {
  const std::vector<Weighted> terms = learn(input);
  std::vector<std::string> names;
  for (const Weighted& term : terms) names.push_back(term.term);
  std::vector<index::DocRef> documents;
  for (const index::Hit& hit : input.candidates) documents.push_back(hit.doc);
  const std::vector<std::uint8_t> impacts = index::term_impacts(input.snapshot, documents, names);
  const double mass = input.plan.mass();
  for (std::size_t k = 0; k < out.size(); ++k) {
    double sum = 0;
    for (std::size_t t = 0; t < terms.size(); ++t) sum += terms[t].weight * impacts[k * terms.size() + t];
    out[k] = mass * sum / kImpactOne;
  }
}

}  // namespace handsel::features

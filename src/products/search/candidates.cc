#include "products/search/internal/candidates.h"

#include <algorithm>

namespace handsel::search {

index::IndexQuery index_query(const CandidateQuery& query, const Relaxation& relaxation) {
  index::IndexQuery out;
  out.groups = query.plan.groups;
  // Where any word is enough, a word after "without" is one too.
  if (relaxation.any_word) {
    for (const std::size_t group : query.plan.sequence) out.groups[group].required = true;
  }
  if (!relaxation.without_phrases) out.phrases = query.plan.phrases;
  out.excluded = query.plan.excluded;
  out.match = relaxation.any_word ? index::Match::kAny : index::Match::kAll;
  out.filter = query.filter;
  out.sort = query.request.sort;
  out.top = query.top;
  out.after = query.after;
  out.exact_total = query.request.exact_total;
  if (query.with_facets) out.facets = query.request.facets;
  out.also = query.also;
  return out;
}

namespace {

bool could_be_looser(const query::QueryPlan& plan) {
  return std::ranges::count_if(plan.groups, &index::TermGroup::required) > 1;
}

// With "without" in it a query is not the sum of its words, and may be no negation at
// all ("Listen without prejudice"): ranking decides better than a requirement.
bool begins_with_any(const CandidateQuery& query) {
  if (query.request.match == MatchRule::kAny) return true;
  const bool by_score = query.request.sort.column.empty();
  return query.request.match == MatchRule::kAuto && by_score && !query.plan.negation.empty();
}

// How many must match before kAuto is content.
std::uint64_t enough(const SearchRequest& request) {
  return request.sort.column.empty() ? kRelaxBelow : 1;
}

}  // namespace

Result<CandidateList> find_candidates(const index::Snapshot& snapshot, const CandidateQuery& query) {
  CandidateList list;
  const auto ask = [&]() -> Result<void> {
    HANDSEL_ASSIGN(list.answer, index::search(snapshot, index_query(query, list.relaxation)));
    return {};
  };
  if (query.relaxation) {
    list.relaxation = *query.relaxation;
    HANDSEL_TRY(ask());
    return list;
  }
  list.relaxation.any_word = begins_with_any(query);
  HANDSEL_TRY(ask());
  if (query.request.match == MatchRule::kAll) return list;
  if (list.answer.total == 0 && !query.plan.phrases.empty()) {
    list.relaxation.without_phrases = true;
    HANDSEL_TRY(ask());
  }
  // `total` is a lower bound, but never below what was found.
  if (!list.relaxation.any_word && list.answer.total < enough(query.request) && could_be_looser(query.plan)) {
    list.relaxation.any_word = true;
    HANDSEL_TRY(ask());
  }
  return list;
}

}  // namespace handsel::search

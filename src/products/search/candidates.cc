#include "products/search/internal/candidates.h"

#include <algorithm>

namespace handsel::search {
namespace {

index::IndexQuery index_query(const CandidateQuery& query, const Relaxation& relaxation) {
  index::IndexQuery out;
  out.groups = query.plan.groups;
  if (!relaxation.without_phrases) out.phrases = query.plan.phrases;
  out.excluded = query.plan.excluded;
  out.match = relaxation.any_word ? index::Match::kAny : index::Match::kAll;
  out.filter = query.filter;
  out.sort = query.request.sort;
  out.top = query.top;
  out.after = query.after;
  out.exact_total = query.request.exact_total;
  if (query.with_facets) out.facets = query.request.facets;
  return out;
}

bool could_be_looser(const query::QueryPlan& plan) {
  return std::ranges::count_if(plan.groups, &index::TermGroup::required) > 1;
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
  list.relaxation.any_word = query.request.match == MatchRule::kAny;
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

#include "products/search/internal/rerank.h"

#include "analysis/text/normalised_query.h"
#include "ranking/pipeline/exploration.h"

namespace handsel::search {

pipeline::HeldRules held_rules(const OrderRequest& request) {
  const SearchContext& context = request.context;
  if (!request.rerank || context.rules == nullptr || context.rules->rules.empty()) return {};
  const auto query = pipeline::rule_query(request.request.query, request.plan, context.now_ms);
  return {*context.rules, query, context.snapshot, request.filter};
}

std::vector<pipeline::Move> rerank(const OrderRequest& request, const pipeline::HeldRules& rules,
                                   std::vector<pipeline::RankedItem>& items) {
  if (!request.rerank) return {};
  pipeline::HeldRules::Outcome ruled = rules.apply(items);
  const SearchContext& context = request.context;
  const profiles::Counters* counters = context.learned.counters;
  if (!request.request.explore || !request.request.personalise || counters == nullptr) return ruled.moves;
  const std::string query = text::normalised_query(request.request.query);
  const auto is_new = [&](index::DocRef doc) {
    return pipeline::is_new_listing(context.snapshot, doc, *counters, context.now_ms);
  };
  for (pipeline::Move& move : pipeline::explore(
           items, {.normalised_query = query, .now_ms = context.now_ms, .held = ruled.held, .is_new = is_new})) {
    ruled.moves.push_back(move);
  }
  return ruled.moves;
}

}  // namespace handsel::search

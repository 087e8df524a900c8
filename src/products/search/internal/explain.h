// What each stage made, as JSON for people (SearchResponse::explain).
#pragma once

#include <span>
#include <string>

#include "products/search/internal/candidates.h"
#include "products/search/internal/order.h"
#include "ranking/query/query_parser.h"
#include "ranking/query/query_plan.h"
#include "ranking/query/understanding.h"

namespace handsel::search {

std::string explain_parse(const query::ParsedQuery& query);
// `filter` is the request's own; that of an API key stays with its owner.
std::string explain_plan(const query::QueryPlan& plan, const index::Filter& filter);
std::string explain_understand(const query::QueryUnderstanding& understood);
std::string explain_candidates(const index::Snapshot& snapshot, const CandidateList& candidates);
std::string explain_sources(const Sources& sources, std::uint64_t by_meaning);
// The features of what is on the page.
std::string explain_rank(const index::Snapshot& snapshot, const Order& order, std::span<const std::size_t> page);
// Which rules held, and what they and exploration moved; places are from 0.
std::string explain_rerank(const index::Snapshot& snapshot, const Order& order);
// Which ranker chose which place of the page.
std::string explain_interleave(const index::Snapshot& snapshot, const Order& order, std::span<const std::size_t> page);
std::string explain_page(const SearchRequest& request, const Order& order, std::span<const std::size_t> page);
std::string explain_load(std::size_t loaded, std::size_t wanted);

}  // namespace handsel::search

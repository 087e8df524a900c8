// From a plan to the documents that match it: the index is asked as strictly as the
// match rule says, and again more loosely where that finds too little.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/core/result.h"
#include "products/search/search.h"
#include "ranking/query/query_plan.h"
#include "views/index/index.h"

namespace handsel::search {

// What was given up to find enough.
struct Relaxation {
  bool any_word = false;
  bool without_phrases = false;
};

struct CandidateQuery {
  const query::QueryPlan& plan;
  const index::Filter& filter;
  const SearchRequest& request;
  std::size_t top = 0;
  std::optional<index::After> after;
  std::optional<Relaxation> relaxation;  // decided by the first page; nothing: decide now
  bool with_facets = true;
  std::vector<index::DocRef> also = {};  // in the answer, whoever found them; for facets
};

struct CandidateList {
  index::IndexAnswer answer;
  Relaxation relaxation;
};

// What the index is asked under that relaxation.
index::IndexQuery index_query(const CandidateQuery& query, const Relaxation& relaxation);

Result<CandidateList> find_candidates(const index::Snapshot& snapshot, const CandidateQuery& query);

}  // namespace handsel::search

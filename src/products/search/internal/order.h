// The order that pages walk through, from the first place or from a cursor on.
//
// Where words decide, the index's best pipeline::kRankedMax are ranked by features, the
// rest follows as the index has it. Otherwise it is the index's order alone.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "products/search/internal/candidates.h"
#include "products/search/internal/cursor.h"
#include "ranking/pipeline/rank.h"
#include "ranking/query/query_plan.h"

namespace handsel::search {

struct OrderedItem {
  index::Hit hit;
  double score = 0;                      // idf units
  std::optional<std::size_t> candidate;  // row of the features; nothing: not ranked
};

struct Order {
  std::vector<OrderedItem> items;
  std::size_t begin = 0;  // the first item of the page that was asked for
  bool complete = false;  // nothing follows the items
  CandidateList candidates;
  double candidates_ms = 0;
  pipeline::FeatureMatrix features;
  double rank_ms = 0;
};

struct OrderRequest {
  const query::QueryPlan& plan;
  const index::Filter& filter;
  const SearchRequest& request;
  const Cursor* cursor = nullptr;  // null: from the first place, `items` being the whole order so far
  std::size_t count = 0;           // at least so many items at or after `begin`, or all there are
  std::optional<Relaxation> relaxation;
  bool with_facets = true;
};

Result<Order> read_order(const index::Snapshot& snapshot, const OrderRequest& request);

// Where the page after this item goes on.
void set_place(const OrderedItem& item, Cursor& cursor);

}  // namespace handsel::search

// The order that pages walk through, from the first place or from a cursor on.
//
// Where words decide, the index's best pipeline::kRankedMax and what other sources found
// are ranked in two passes, the rest follows as the index has it. Otherwise it is the
// index's order alone.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "products/search/internal/candidates.h"
#include "products/search/internal/cursor.h"
#include "products/search/internal/sources.h"
#include "products/search/ranked_heads.h"
#include "ranking/pipeline/rank.h"
#include "ranking/pipeline/rules.h"
#include "ranking/query/query_plan.h"
#include "ranking/query/understanding.h"

namespace handsel::search {

struct OrderedItem {
  index::Hit hit;
  double score = 0;                      // the ranker's; idf units where nothing was learned
  bool ranked = false;                   // one of the head
  std::optional<std::size_t> candidate;  // its number among the candidates, where they were ranked
  std::optional<std::size_t> row;        // of the features, where they were computed
  char team = 0;                         // 'a' or 'b' where two rankers were interleaved
};

struct Order {
  std::vector<OrderedItem> items;
  std::size_t begin = 0;                         // the first item of the page that was asked for
  bool complete = false;                         // nothing follows the items
  std::uint64_t by_meaning = 0;                  // of the ranked: those that the words do not match
  std::vector<index::DocRef> beyond_words = {};  // these, sorted; where the order was ranked anew
  std::vector<index::DocRef> drawn = {};         // OrderRequest::draw, sorted
  CandidateList candidates;
  double candidates_ms = 0;
  std::optional<Sources> sources;  // where they were asked
  features::FeatureMatrix features;
  double rank_ms = 0;
  pipeline::HeldRules rules;          // those that held, where the head was ranked
  std::vector<pipeline::Move> moves;  // what rules and exploration did then
  std::uint64_t challenge = 0;        // that the teams belong to; 0: none
  bool learned = false;               // a ranker made the order of the ranked
  std::vector<ModelTrouble> troubles = {};
};

struct OrderRequest {
  const SearchContext& context;
  const query::QueryPlan& plan;
  const index::Filter& filter;
  const SearchRequest& request;
  const query::QueryUnderstanding& understood;
  std::string_view wanted;                 // wanted_text()
  const Cursor* cursor = nullptr;          // null: from the first place, `items` being the whole order so far
  std::shared_ptr<const RankedHead> head;  // of the page before; null: rank anew
  std::size_t count = 0;                   // at least so many items at or after `begin`, or all there are
  std::optional<Relaxation> relaxation;
  bool with_facets = true;
  std::vector<index::DocRef> forced = {};  // sorted; ranked whoever finds them; for training
  Draw draw = {};                          // ranked whatever the first pass says; for training
  bool rerank = true;                      // rules and exploration; not for training
};

Result<Order> read_order(const OrderRequest& request);

// The ranked of an order that was read from the first place.
RankedHead head_of(const Order& order, std::uint64_t generation, std::uint64_t fingerprint);

}  // namespace handsel::search

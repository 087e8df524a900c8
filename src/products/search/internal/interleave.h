// Two rankers' orders of the same candidates become one, drawn in turns. Pure; any thread.
#pragma once

#include <span>
#include <vector>

#include "products/search/internal/order.h"
#include "ranking/pipeline/rank.h"
#include "ranking/pipeline/rules.h"

namespace handsel::search {

// Who chose what, before rules and exploration.
class Teams {
 public:
  Teams() = default;  // nobody: one ranker alone
  explicit Teams(std::vector<char> by_candidate) : by_candidate_(std::move(by_candidate)) {}

  bool any() const { return !by_candidate_.empty(); }
  // 'a', 'b', or 0: the place of what was moved is nobody's merit.
  char of(const pipeline::RankedItem& item, std::span<const pipeline::Move> moves) const;

 private:
  std::vector<char> by_candidate_;
};

// Reorders the items of `list`, best first by the ranker that serves, where the request is in a
// trial; otherwise nothing is done. An item's score is then that of its place, so that what
// sorts by score later (a boost) keeps the order that was drawn. A few microseconds a hundred items.
// Where one of the two fails there is no trial, and `troubles` gets the challenger's.
Teams interleave(const OrderRequest& request, pipeline::RankedList& list, std::vector<ModelTrouble>& troubles);

}  // namespace handsel::search

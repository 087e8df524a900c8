// What happens to the ranked head after the ranker: the merchandiser's rules, then places
// for new listings. Pure; any thread.
#pragma once

#include <vector>

#include "products/search/internal/order.h"
#include "ranking/pipeline/rank.h"
#include "ranking/pipeline/rules.h"

namespace handsel::search {

// The rules that hold for the request; none where it wants none. Borrows the context.
pipeline::HeldRules held_rules(const OrderRequest& request);

// Moves items of the head; none is lost or doubled.
std::vector<pipeline::Move> rerank(const OrderRequest& request, const pipeline::HeldRules& rules,
                                   std::vector<pipeline::RankedItem>& items);

}  // namespace handsel::search

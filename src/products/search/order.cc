#include "products/search/internal/order.h"

#include <algorithm>
#include <bit>

#include "base/core/clock.h"

namespace handsel::search {
namespace {

bool is_ranked(const OrderRequest& request) {
  return request.request.sort.column.empty() && !request.plan.groups.empty();
}

bool is_after(const OrderedItem& item, const index::After& place) {
  const auto score = std::bit_cast<double>(place.key);
  return item.score != score ? item.score < score : item.hit.id_hash > place.id_hash;
}

// The ranked ones in front, so many more behind them.
Result<Order> read_from_first(const index::Snapshot& snapshot, const OrderRequest& request, std::size_t count) {
  Order order;
  const Stopwatch watch;
  const bool ranked = is_ranked(request);
  const std::size_t top = ranked ? std::max(pipeline::kRankedMax, count) : count;
  HANDSEL_ASSIGN(order.candidates, find_candidates(snapshot, {.plan = request.plan,
                                                              .filter = request.filter,
                                                              .request = request.request,
                                                              .top = top,
                                                              .after = std::nullopt,
                                                              .relaxation = request.relaxation,
                                                              .with_facets = request.with_facets}));
  order.candidates_ms = watch.elapsed_ms();
  const std::span<const index::Hit> hits(order.candidates.answer.hits);
  order.complete = hits.size() < top;
  const std::size_t head = ranked ? std::min(hits.size(), pipeline::kRankedMax) : 0;
  pipeline::RankedList list = pipeline::rank(snapshot, request.plan, hits.first(head));
  for (const pipeline::RankedItem& item : list.items) order.items.push_back({item.hit, item.score, item.candidate});
  for (const index::Hit& hit : hits.subspan(head)) {
    order.items.push_back({hit, pipeline::match_score(hit), std::nullopt});
  }
  order.features = std::move(list.features);
  order.rank_ms = watch.elapsed_ms() - order.candidates_ms;
  return order;
}

Result<Order> read_behind_ranked(const index::Snapshot& snapshot, const OrderRequest& request) {
  Order order;
  const Stopwatch watch;
  HANDSEL_ASSIGN(order.candidates, find_candidates(snapshot, {.plan = request.plan,
                                                              .filter = request.filter,
                                                              .request = request.request,
                                                              .top = request.count,
                                                              .after = request.cursor->after,
                                                              .relaxation = request.relaxation,
                                                              .with_facets = request.with_facets}));
  order.candidates_ms = watch.elapsed_ms();
  for (const index::Hit& hit : order.candidates.answer.hits) {
    order.items.push_back({hit, pipeline::match_score(hit), std::nullopt});
  }
  order.complete = order.items.size() < request.count;
  return order;
}

}  // namespace

Result<Order> read_order(const index::Snapshot& snapshot, const OrderRequest& request) {
  if (request.cursor == nullptr) return read_from_first(snapshot, request, request.count);
  if (!request.cursor->in_ranked) return read_behind_ranked(snapshot, request);
  HANDSEL_ASSIGN(Order order, read_from_first(snapshot, request, pipeline::kRankedMax + request.count));
  const auto passed = [&](const OrderedItem& item) { return item.candidate && !is_after(item, request.cursor->after); };
  order.begin = static_cast<std::size_t>(std::ranges::find_if_not(order.items, passed) - order.items.begin());
  return order;
}

void set_place(const OrderedItem& item, Cursor& cursor) {
  cursor.in_ranked = item.candidate.has_value();
  cursor.after = {.key = cursor.in_ranked ? std::bit_cast<std::int64_t>(item.score) : item.hit.key,
                  .id_hash = item.hit.id_hash};
}

}  // namespace handsel::search

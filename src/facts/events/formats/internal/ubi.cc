// OpenSearch User Behavior Insights: queries and events, mixed in one stream.
// https://docs.opensearch.org/latest/search-plugins/ubi/schemas/

#include <array>

#include "facts/events/formats/internal/shapes.h"

namespace handsel::events::internal {
namespace {

namespace json = catalog::json;
using json::member;

// UBI leaves the names of actions to the application; these are in use.
constexpr auto kActions = std::to_array<Action>({
    {"search", EventKind::kSearch},
    {"on_search", EventKind::kSearch},
    {"impression", EventKind::kImpression},
    {"click", EventKind::kClick},
    {"click_through", EventKind::kClick},
    {"item_click", EventKind::kClick},
    {"product_click", EventKind::kClick},
    {"view", EventKind::kView},
    {"view_item", EventKind::kView},
    {"product_view", EventKind::kView},
    {"watch", EventKind::kFavourite},
    {"favourite", EventKind::kFavourite},
    {"favorite", EventKind::kFavourite},
    {"add_to_wishlist", EventKind::kFavourite},
    {"add_to_cart", EventKind::kCart},
    {"purchase", EventKind::kPurchase},
    {"buy", EventKind::kPurchase},
    {"report", EventKind::kReport},
    {"hide", EventKind::kHide},
    {"declined_product", EventKind::kHide},
});

// A query is told by the search engine and, as an action, by the page: the same
// words under the same query id are one search.
void add_search(Event event, EventBatch& batch) {
  if (event.query.empty()) return batch.refuse("user_query", "is missing; a search without words cannot be used");
  event.surface = "search";
  if (!event.query_id.empty()) {
    event.id = content_id({.kind = EventKind::kSearch, .query_id = event.query_id, .query = event.query});
  }
  batch.add(std::move(event));
}

void add_query(Element object, Event event, EventBatch& batch) {
  event.query = json::text_of(member(object, "user_query"));
  std::optional<Element> hits = member(object, "query_response_object_ids");
  if (!hits) hits = member(object, "query_response_hit_ids");
  for (const Element hit : json::elements(hits)) {
    if (event.shown.size() < kShownMax) event.shown.push_back(json::text_of(hit));
  }
  add_search(std::move(event), batch);
}

void add_action(Element object, Event event, EventBatch& batch) {
  const std::string name = json::text_of(member(object, "action_name"));
  const std::optional<EventKind> kind = kind_of(kActions, name);
  if (!kind) return batch.refuse("action_name", unknown_action(name));
  event.kind = *kind;
  if (*kind == EventKind::kSearch) {
    event.query = first_text(object, {"user_query", "message"});
    return add_search(std::move(event), batch);
  }
  const std::optional<Element> attributes = member(object, "event_attributes");
  const std::optional<Element> about = attributes ? member(*attributes, "object") : std::nullopt;
  event.listing_id = about ? first_text(*about, {"object_id"}) : "";
  if (event.listing_id.empty()) {
    return batch.refuse("event_attributes.object.object_id", "is missing, so the event is about no listing");
  }
  event.position = position_of(member(*attributes, "position", "ordinal"), 0);
  event.surface = "search";
  batch.add(std::move(event));
}

std::string session_of(Element object) {
  std::string session = first_text(object, {"session_id"});
  if (session.empty()) session = json::text_of(member(object, "event_attributes", "session_id"));
  return session.empty() ? first_text(object, {"client_id"}) : session;
}

}  // namespace

void read_ubi(Element object, EventBatch& batch) {
  const auto time_ms = time_or_refusal(member(object, "timestamp"), "timestamp", batch);
  if (!time_ms) return;
  Event event;
  event.kind = EventKind::kSearch;
  event.time_ms = *time_ms;
  event.query_id = first_text(object, {"query_id"});
  event.user_id = first_text(object, {"user_id", "client_id"});
  event.session_id = session_of(object);
  if (member(object, "action_name")) return add_action(object, std::move(event), batch);
  if (!member(object, "user_query")) {
    return batch.refuse("action_name", "is missing, and so is user_query: neither an event nor a query");
  }
  add_query(object, std::move(event), batch);
}

}  // namespace handsel::events::internal

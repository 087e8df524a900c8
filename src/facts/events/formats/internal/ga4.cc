// Google Analytics 4 ecommerce events, in the three shapes in which they travel:
//   Measurement Protocol  {"client_id", "timestamp_micros", "events": [{"name", "params": {"items": [..]}}]}
//   data layer            {"event": "view_item", "ecommerce": {"items": [..]}}
//   BigQuery export       {"event_name", "event_timestamp", "user_pseudo_id", "event_params": [..], "items": [..]}
// https://developers.google.com/analytics/devguides/collection/ga4/reference/events

#include <array>

#include "facts/events/formats/internal/shapes.h"

namespace handsel::events::internal {
namespace {

namespace json = catalog::json;
using json::member;

constexpr auto kActions = std::to_array<Action>({
    {"view_item", EventKind::kView},
    {"view_item_list", EventKind::kImpression},
    {"select_item", EventKind::kClick},
    {"add_to_wishlist", EventKind::kFavourite},
    {"add_to_cart", EventKind::kCart},
    {"purchase", EventKind::kPurchase},
    {"search", EventKind::kSearch},
    {"view_search_results", EventKind::kSearch},
});

// One GA4 event, wherever its parts were found.
struct Ga4Event {
  std::string name;
  Element parameters;  // an object, or BigQuery's list of {"key", "value"}
  std::optional<Element> items;
  Event common;
};

// BigQuery writes {"key": "search_term", "value": {"string_value": "mug"}}.
std::string parameter(const Ga4Event& event, std::string_view name) {
  if (event.parameters.is_object()) return json::text_of(member(event.parameters, name));
  for (const Element entry : json::elements(event.parameters)) {
    if (json::text_of(member(entry, "key")) != name) continue;
    const std::optional<Element> value = member(entry, "value");
    if (!value) return {};
    return first_text(*value, {"string_value", "int_value", "double_value", "float_value"});
  }
  return {};
}

std::string list_name(const Ga4Event& event, Element item) {
  std::string name = first_text(item, {"item_list_id", "item_list_name"});
  if (name.empty()) name = parameter(event, "item_list_id");
  if (name.empty()) name = parameter(event, "item_list_name");
  return name;
}

Event event_of_item(const Ga4Event& from, Element item) {
  Event event = from.common;
  event.listing_id = first_text(item, {"item_id", "id"});
  event.surface = list_name(from, item);
  const std::optional<Element> index = member(item, "index");
  event.position = position_of(index ? index : member(item, "item_list_index"), 0);
  event.quantity = json::whole_number_of(member(item, "quantity")).value_or(1);
  event.price_cents = price_of(member(item, "price"));
  return event;
}

void add_search(const Ga4Event& from, EventBatch& batch) {
  Event event = from.common;
  event.query = parameter(from, "search_term");
  event.surface = "search";
  for (const Element item : json::elements(from.items)) {
    if (event.shown.size() < kShownMax) event.shown.push_back(first_text(item, {"item_id", "id"}));
  }
  if (event.query.empty()) return batch.refuse("search_term", "is missing");
  batch.add(std::move(event));
}

void add_events(Ga4Event from, EventBatch& batch) {
  const std::optional<EventKind> kind = kind_of(kActions, from.name);
  if (!kind) return batch.refuse("name", unknown_action(from.name));
  from.common.kind = *kind;
  if (from.common.session_id.empty()) from.common.session_id = parameter(from, "ga_session_id");
  if (from.common.session_id.empty()) from.common.session_id = parameter(from, "session_id");
  if (from.common.session_id.empty()) from.common.session_id = from.common.user_id;
  from.common.query_id = parameter(from, "query_id");
  from.common.currency = parameter(from, "currency");
  if (*kind == EventKind::kSearch) return add_search(from, batch);

  const std::vector<Element> items = json::elements(from.items);
  if (items.empty()) return batch.refuse("items", "is missing or empty; without it the event is about no listing");
  const std::string transaction = parameter(from, "transaction_id");
  for (const Element item : items) {
    Event event = event_of_item(from, item);
    // An order that is reported twice is one order.
    if (*kind == EventKind::kPurchase && !transaction.empty()) {
      event.id = content_id({.kind = *kind,
                             .query_id = transaction,
                             .listing_id = event.listing_id,
                             .surface = json::text_of(member(item, "item_variant"))});
    }
    batch.add(std::move(event));
  }
}

void read_measurement_protocol(Element payload, Element events, EventBatch& batch) {
  Event common;
  common.user_id = first_text(payload, {"user_id", "client_id", "app_instance_id"});
  const auto time_ms = time_or_refusal(member(payload, "timestamp_micros"), "timestamp_micros", batch);
  if (!time_ms) return;
  for (const Element one : json::elements(events)) {
    common.time_ms = *time_ms;
    const auto own_time_ms = time_or_refusal(member(one, "timestamp_micros"), "timestamp_micros", batch);
    if (!own_time_ms) continue;
    if (*own_time_ms > 0) common.time_ms = *own_time_ms;
    const std::optional<Element> parameters = member(one, "params");
    add_events({.name = json::text_of(member(one, "name")),
                .parameters = parameters.value_or(one),
                .items = parameters ? member(*parameters, "items") : std::nullopt,
                .common = common},
               batch);
  }
}

void read_big_query(Element row, EventBatch& batch) {
  Event common;
  common.user_id = first_text(row, {"user_id", "user_pseudo_id"});
  const auto time_ms = time_or_refusal(member(row, "event_timestamp"), "event_timestamp", batch);
  if (!time_ms) return;
  common.time_ms = *time_ms;
  add_events({.name = json::text_of(member(row, "event_name")),
              .parameters = member(row, "event_params").value_or(row),
              .items = member(row, "items"),
              .common = std::move(common)},
             batch);
}

// What a page pushes to its data layer; a server that forwards it adds who and when.
void read_data_layer(Element push, EventBatch& batch) {
  Event common;
  common.user_id = first_text(push, {"user_id", "client_id"});
  common.session_id = first_text(push, {"session_id"});
  const auto time_ms = time_or_refusal(member(push, "timestamp"), "timestamp", batch);
  if (!time_ms) return;
  common.time_ms = *time_ms;
  const Element parameters = member(push, "ecommerce").value_or(push);
  add_events({.name = json::text_of(member(push, "event")),
              .parameters = parameters,
              .items = member(parameters, "items"),
              .common = std::move(common)},
             batch);
}

}  // namespace

void read_ga4(Element object, EventBatch& batch) {
  const std::optional<Element> events = member(object, "events");
  if (events && events->is_array()) return read_measurement_protocol(object, *events, batch);
  if (member(object, "event_name")) return read_big_query(object, batch);
  read_data_layer(object, batch);
}

}  // namespace handsel::events::internal

// Segment track calls of the ecommerce specification, single or as {"batch": [..]}.
// https://segment.com/docs/connections/spec/ecommerce/v2/

#include <array>

#include "facts/events/formats/internal/shapes.h"

namespace handsel::events::internal {
namespace {

namespace json = catalog::json;
using json::member;

constexpr std::int32_t kFirstPosition = 1;  // as the specification counts

constexpr auto kActions = std::to_array<Action>({
    {"Products Searched", EventKind::kSearch},
    {"Product List Viewed", EventKind::kImpression},
    {"Product List Filtered", EventKind::kImpression},
    {"Product Clicked", EventKind::kClick},
    {"Product Viewed", EventKind::kView},
    {"Product Added to Wishlist", EventKind::kFavourite},
    {"Product Added", EventKind::kCart},
    {"Order Completed", EventKind::kPurchase},
});

Event event_of_product(Event common, Element product) {
  common.listing_id = first_text(product, {"product_id", "id", "sku"});
  common.position = position_of(member(product, "position"), kFirstPosition);
  common.quantity = json::whole_number_of(member(product, "quantity")).value_or(1);
  common.price_cents = price_of(member(product, "price"));
  return common;
}

void add_search(Event event, Element properties, EventBatch& batch) {
  event.query = json::text_of(member(properties, "query"));
  event.surface = "search";
  for (const Element product : json::elements(member(properties, "products"))) {
    if (event.shown.size() < kShownMax) event.shown.push_back(first_text(product, {"product_id", "id", "sku"}));
  }
  if (event.query.empty()) return batch.refuse("properties.query", "is missing");
  batch.add(std::move(event));
}

// One call about many products becomes one event each, with an id of its own.
void add_products(const Event& common, Element properties, EventBatch& batch) {
  const std::vector<Element> products = json::elements(member(properties, "products"));
  if (products.empty()) return batch.add(event_of_product(common, properties));
  for (std::size_t i = 0; i < products.size(); ++i) {
    Event event = event_of_product(common, products[i]);
    if (!common.id.empty()) event.id = fmt::format("{}/{}", common.id, i);
    batch.add(std::move(event));
  }
}

void read_call(Element call, EventBatch& batch) {
  const std::string type = json::text_of(member(call, "type"));
  if (!type.empty() && type != "track") {
    return batch.refuse("type",
                        fmt::format("'{}' calls are not used here; track calls are", catalog::cut_text(type, 60)));
  }
  const std::string name = json::text_of(member(call, "event"));
  const std::optional<EventKind> kind = kind_of(kActions, name);
  if (!kind) return batch.refuse("event", unknown_action(name));
  const std::optional<Element> properties = member(call, "properties");
  if (!properties) return batch.refuse("properties", "is missing");
  const std::optional<Element> written = member(call, "timestamp");
  const auto time_ms = time_or_refusal(written ? written : member(call, "originalTimestamp"), "timestamp", batch);
  if (!time_ms) return;

  Event common;
  common.id = first_text(call, {"messageId"});
  common.kind = *kind;
  common.time_ms = *time_ms;
  common.user_id = first_text(call, {"userId", "anonymousId"});
  common.session_id = first_text(*properties, {"session_id"});
  if (common.session_id.empty()) common.session_id = first_text(call, {"anonymousId"});
  common.query_id = first_text(*properties, {"query_id"});
  common.currency = json::text_of(member(*properties, "currency"));
  if (*kind == EventKind::kSearch) return add_search(std::move(common), *properties, batch);
  common.surface = first_text(*properties, {"list_id"});
  add_products(common, *properties, batch);
}

}  // namespace

void read_segment(Element object, EventBatch& batch) {
  const std::optional<Element> calls = member(object, "batch");
  if (!calls || !calls->is_array()) return read_call(object, batch);
  for (const Element call : json::elements(calls)) read_call(call, batch);
}

}  // namespace handsel::events::internal

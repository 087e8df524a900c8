// Our own shape of an event.

#include <array>

#include "facts/events/formats/internal/shapes.h"

namespace handsel::events::internal {
namespace {

namespace json = catalog::json;
using json::Complaint;
using json::Field;

Complaint read_kind(Element value, std::optional<EventKind>& out) {
  std::string name;
  if (Complaint complaint = json::read_text(value, name)) return complaint;
  out = parse_event_kind(name);
  if (out) return {};
  return fmt::format(
      "is '{}'; expected search, impression, click, view, favourite, cart, purchase, dwell, report, hide or exposure",
      catalog::cut_text(name, 60));
}

Complaint read_small_number(Element value, std::int32_t& out) {
  std::int64_t number = 0;
  if (Complaint complaint = json::read_whole_number(value, number)) return complaint;
  if (number < 0 || number > kPositionMax) return fmt::format("is {}; expected 0 to {}", number, kPositionMax);
  out = static_cast<std::int32_t>(number);
  return {};
}

Complaint read_position(Element value, std::optional<std::int32_t>& out) {
  std::int32_t position = 0;
  if (Complaint complaint = read_small_number(value, position)) return complaint;
  out = position;
  return {};
}

Complaint read_ids(Element value, std::vector<std::string>& out) {
  json::Array array;
  if (value.get(array) != simdjson::SUCCESS) return json::expected("an array of listing ids", value);
  out.clear();
  for (const Element element : array) {
    if (Complaint complaint = json::read_id(element, out.emplace_back())) return complaint;
  }
  return {};
}

// An event whose kind may still be missing.
struct Draft {
  Event event;
  std::optional<EventKind> kind;
};

constexpr auto kFields = std::to_array<Field<Draft>>({
    {"id", [](Element v, Draft& d) { return json::read_id(v, d.event.id); }},
    {"kind", [](Element v, Draft& d) { return read_kind(v, d.kind); }},
    {"time_ms", [](Element v, Draft& d) { return json::read_whole_number(v, d.event.time_ms); }},
    {"user_id", [](Element v, Draft& d) { return json::read_id(v, d.event.user_id); }},
    {"session_id", [](Element v, Draft& d) { return json::read_id(v, d.event.session_id); }},
    {"query_id", [](Element v, Draft& d) { return json::read_id(v, d.event.query_id); }},
    {"query", [](Element v, Draft& d) { return json::read_text(v, d.event.query); }},
    {"language", [](Element v, Draft& d) { return json::read_id(v, d.event.language); }},
    {"country", [](Element v, Draft& d) { return json::read_id(v, d.event.country); }},
    {"filter", [](Element v, Draft& d) { return json::read_text(v, d.event.filter); }},
    {"sort", [](Element v, Draft& d) { return json::read_text(v, d.event.sort); }},
    {"listing_id", [](Element v, Draft& d) { return json::read_id(v, d.event.listing_id); }},
    {"surface", [](Element v, Draft& d) { return json::read_text(v, d.event.surface); }},
    {"position", [](Element v, Draft& d) { return read_position(v, d.event.position); }},
    {"shown", [](Element v, Draft& d) { return read_ids(v, d.event.shown); }},
    {"offset", [](Element v, Draft& d) { return read_small_number(v, d.event.offset); }},
    {"quantity", [](Element v, Draft& d) { return json::read_whole_number(v, d.event.quantity); }},
    {"price", [](Element v, Draft& d) { return json::read_price(v, d.event.price_cents); }},
    {"currency", [](Element v, Draft& d) { return json::read_text(v, d.event.currency); }},
    {"dwell_ms", [](Element v, Draft& d) { return json::read_whole_number(v, d.event.dwell_ms); }},
    {"experiment", [](Element v, Draft& d) { return json::read_id(v, d.event.experiment); }},
    {"variant", [](Element v, Draft& d) { return json::read_id(v, d.event.variant); }},
    {"unit", [](Element v, Draft& d) { return json::read_id(v, d.event.unit); }},
});

}  // namespace

void read_handsel(Element object, EventBatch& batch) {
  Draft draft;
  if (RowResult<void> read = json::read_object<Draft>(object, kFields, draft); !read) {
    return batch.refuse(std::move(read).error());
  }
  if (!draft.kind) return batch.refuse("kind", "is missing");
  draft.event.kind = *draft.kind;
  batch.add(std::move(draft.event));
}

}  // namespace handsel::events::internal

#include "facts/events/formats/event_json.h"

#include "facts/catalog/import/json_writer.h"

namespace handsel::events {

void append_json(std::string& out, const Event& event) {
  catalog::JsonObjectWriter object(out);
  object.text_if_any("id", event.id);
  object.text("kind", event_kind_name(event.kind));
  if (event.time_ms != 0) object.number("time_ms", event.time_ms);
  object.text_if_any("user_id", event.user_id);
  object.text_if_any("session_id", event.session_id);
  object.text_if_any("query_id", event.query_id);
  object.text_if_any("query", event.query);
  object.text_if_any("language", event.language);
  object.text_if_any("country", event.country);
  object.text_if_any("filter", event.filter);
  object.text_if_any("sort", event.sort);
  object.text_if_any("listing_id", event.listing_id);
  object.text_if_any("surface", event.surface);
  if (event.position) object.number("position", *event.position);
  object.texts_if_any("shown", event.shown);
  if (event.offset != 0) object.number("offset", event.offset);
  if (event.quantity != 1) object.number("quantity", event.quantity);
  if (event.price_cents) object.units("price", *event.price_cents);
  object.text_if_any("currency", event.currency);
  if (event.dwell_ms != 0) object.number("dwell_ms", event.dwell_ms);
  object.text_if_any("experiment", event.experiment);
  object.text_if_any("variant", event.variant);
  object.text_if_any("unit", event.unit);
}

std::string to_json(const Event& event) {
  std::string out;
  append_json(out, event);
  return out;
}

}  // namespace handsel::events

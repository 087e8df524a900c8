// One reader per foreign shape: an object in, events or the reason why not out. What
// they share is here. The rules of event_rules.h are applied by EventBatch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "facts/catalog/import/json_fields.h"
#include "facts/events/event.h"
#include "facts/events/formats/event_parser.h"

namespace handsel::events::internal {

using catalog::json::Element;

// Gathers the events of one record; each passes apply_rules() on its way in.
class EventBatch {
 public:
  EventBatch(ParsedEvents& out, std::int64_t now_ms) : out_(out), now_ms_(now_ms) {}

  void add(Event event);
  void refuse(std::string_view field, std::string reason);
  void refuse(RowError error) { out_.refused.push_back(std::move(error)); }

 private:
  ParsedEvents& out_;
  const std::int64_t now_ms_;
};

void read_handsel(Element object, EventBatch& batch);
void read_ga4(Element object, EventBatch& batch);
void read_segment(Element object, EventBatch& batch);
void read_ubi(Element object, EventBatch& batch);
void read_etsy_receipt(Element object, EventBatch& batch);

// Of the first of these members that is there and not empty.
std::string first_text(Element object, std::initializer_list<std::string_view> keys);
// Where a time is written but cannot be read, says so to `batch` and returns nothing;
// where none is written, 0.
std::optional<std::int64_t> time_or_refusal(std::optional<Element> value, std::string_view field, EventBatch& batch);
// A position counted from 0; nothing where there is none.
std::optional<std::int32_t> position_of(std::optional<Element> value, std::int32_t first);
// The price of one, where it can be read.
std::optional<std::int64_t> price_of(std::optional<Element> value);

// How an action of a shape becomes events.
struct Action {
  std::string_view name;
  EventKind kind;
};
std::optional<EventKind> kind_of(std::span<const Action> actions, std::string_view name);
std::string unknown_action(std::string_view name);

}  // namespace handsel::events::internal

// Turns JSON of any supported shape into events: our own, GA4 ecommerce, Segment
// track calls, OpenSearch UBI, Etsy receipts. docs/reference/event-formats.md says
// which foreign action becomes which kind.
//
// One foreign object can hold several events (a batch, a list that was shown, an
// order of three things); of these some may be taken and others refused. Keeps its
// buffers: one per thread, reused.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "facts/catalog/import/row.h"
#include "facts/events/event.h"
#include "facts/events/formats/event_rules.h"

namespace handsel::events {

enum class EventFormat { kRecognise, kHandsel, kGa4, kSegment, kUbi, kEtsyReceipts };

// "handsel", "ga4", "segment", "ubi", "etsy-receipts"; empty for kRecognise.
std::string_view format_name(EventFormat format);
// kInvalidArgument, naming the choices, for another word. Empty or "auto": kRecognise.
Result<EventFormat> parse_event_format(std::string_view name);

// By the keys of one JSON object; kRecognise where the text is none.
EventFormat recognise_event_format(std::string_view json);

struct ParsedEvents {
  std::vector<Event> events;
  std::vector<RowError> refused;
};

class EventParser {
 public:
  EventParser();
  ~EventParser();
  EventParser(EventParser&&) noexcept;
  EventParser& operator=(EventParser&&) noexcept;

  // `json` is one object, or an array of them; kRecognise looks at its keys. Every
  // event that comes out has passed apply_rules(). `now_ms` stands in for an absent
  // time and is what the future is measured against.
  ParsedEvents parse(EventFormat format, std::string_view json, std::int64_t now_ms);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace handsel::events

#include "facts/events/formats/event_parser.h"

#include <array>
#include <utility>

#include "facts/catalog/import/json_fields.h"
#include "facts/events/formats/internal/shapes.h"

namespace handsel::events {
namespace {

namespace json = catalog::json;
using json::Element;

constexpr auto kFormatNames = std::to_array<std::pair<EventFormat, std::string_view>>({
    {EventFormat::kHandsel, "handsel"},
    {EventFormat::kGa4, "ga4"},
    {EventFormat::kSegment, "segment"},
    {EventFormat::kUbi, "ubi"},
    {EventFormat::kEtsyReceipts, "etsy-receipts"},
});

bool has_any(Element object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (json::member(object, key)) return true;
  }
  return false;
}

// By keys that no other shape has; ours where none is there.
EventFormat format_of(Element object) {
  if (has_any(object, {"kind"})) return EventFormat::kHandsel;
  if (has_any(object, {"action_name", "user_query"})) return EventFormat::kUbi;
  if (has_any(object, {"batch", "messageId", "anonymousId", "properties"})) return EventFormat::kSegment;
  if (has_any(object, {"event_name", "events", "ecommerce"})) return EventFormat::kGa4;
  if (has_any(object, {"receipt_id", "results"})) return EventFormat::kEtsyReceipts;
  return EventFormat::kHandsel;
}

void read_object(EventFormat format, Element object, internal::EventBatch& batch) {
  if (!object.is_object())
    return batch.refuse("", fmt::format("expected an object, found {}", json::type_name(object)));
  switch (format == EventFormat::kRecognise ? format_of(object) : format) {
    case EventFormat::kGa4:
      return internal::read_ga4(object, batch);
    case EventFormat::kSegment:
      return internal::read_segment(object, batch);
    case EventFormat::kUbi:
      return internal::read_ubi(object, batch);
    case EventFormat::kEtsyReceipts:
      return internal::read_etsy_receipt(object, batch);
    default:
      return internal::read_handsel(object, batch);
  }
}

}  // namespace

std::string_view format_name(EventFormat format) {
  for (const auto& [known, name] : kFormatNames) {
    if (known == format) return name;
  }
  return "";
}

Result<EventFormat> parse_event_format(std::string_view name) {
  if (name.empty() || name == "auto") return EventFormat::kRecognise;
  for (const auto& [format, known] : kFormatNames) {
    if (known == name) return format;
  }
  return fail(Code::kInvalidArgument,
              "unknown event format '{}'; expected auto, handsel, ga4, segment, ubi or etsy-receipts", name);
}

struct EventParser::Impl {
  json::Parser parser;
};

EventParser::EventParser() : impl_(std::make_unique<Impl>()) {}
EventParser::~EventParser() = default;
EventParser::EventParser(EventParser&&) noexcept = default;
EventParser& EventParser::operator=(EventParser&&) noexcept = default;

ParsedEvents EventParser::parse(EventFormat format, std::string_view text, std::int64_t now_ms) {
  ParsedEvents parsed;
  internal::EventBatch batch(parsed, now_ms);
  const RowResult<Element> value = impl_->parser.parse(text);
  if (!value) {
    batch.refuse(value.error());
  } else if (value->is_array()) {
    for (const Element element : json::elements(*value)) read_object(format, element, batch);
  } else {
    read_object(format, *value, batch);
  }
  return parsed;
}

EventFormat recognise_event_format(std::string_view text) {
  json::Parser parser;
  const RowResult<Element> value = parser.parse(text);
  return value && value->is_object() ? format_of(*value) : EventFormat::kRecognise;
}

}  // namespace handsel::events

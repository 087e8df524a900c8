#include "facts/events/codec.h"

#include "event.pb.h"  // generated from event.proto
#include "facts/catalog/listing.h"

namespace handsel::events {
namespace {

constexpr char kVersion = 1;

Result<void> check_text(std::string_view field, std::string_view value, std::size_t bytes_max) {
  if (value.size() <= bytes_max) return {};
  return fail(Code::kTooLarge, "event: {} has {} bytes; at most {} are allowed", field, value.size(), bytes_max);
}

Result<void> check_limits(const Event& event) {
  if (event.id.empty()) return fail(Code::kInvalidArgument, "event: id is missing");
  HANDSEL_TRY(check_text("id", event.id, catalog::kIdBytesMax));
  HANDSEL_TRY(check_text("listing_id", event.listing_id, catalog::kIdBytesMax));
  if (event.shown.size() > kShownMax) {
    return fail(Code::kTooLarge, "event: shown has {} listings; at most {} are allowed", event.shown.size(), kShownMax);
  }
  for (const std::string& id : event.shown) HANDSEL_TRY(check_text("shown", id, catalog::kIdBytesMax));
  HANDSEL_TRY(check_text("language", event.language, catalog::kIdBytesMax));
  HANDSEL_TRY(check_text("country", event.country, catalog::kIdBytesMax));
  HANDSEL_TRY(check_text("filter", event.filter, kFilterBytesMax));
  HANDSEL_TRY(check_text("sort", event.sort, catalog::kIdBytesMax));
  HANDSEL_TRY(check_text("experiment", event.experiment, catalog::kIdBytesMax));
  HANDSEL_TRY(check_text("variant", event.variant, catalog::kIdBytesMax));
  return check_text("unit", event.unit, catalog::kIdBytesMax);
}

void to_message(const Event& event, proto::Event& message) {
  message.set_id(event.id);
  message.set_kind(static_cast<proto::EventKind>(event.kind));
  message.set_time_ms(event.time_ms);
  message.set_user_id(event.user_id);
  message.set_session_id(event.session_id);
  message.set_query_id(event.query_id);
  message.set_query(event.query);
  message.set_language(event.language);
  message.set_country(event.country);
  message.set_filter(event.filter);
  message.set_sort(event.sort);
  message.set_listing_id(event.listing_id);
  message.set_surface(event.surface);
  if (event.position) message.set_position(*event.position);
  for (const std::string& id : event.shown) message.add_shown(id);
  message.set_offset(event.offset);
  message.set_quantity(event.quantity);
  if (event.price_cents) message.set_price_cents(*event.price_cents);
  message.set_currency(event.currency);
  message.set_dwell_ms(event.dwell_ms);
  message.set_experiment(event.experiment);
  message.set_variant(event.variant);
  message.set_unit(event.unit);
}

Event from_message(proto::Event& message) {
  Event event{.id = std::move(*message.mutable_id()),
              .kind = static_cast<EventKind>(message.kind()),
              .time_ms = message.time_ms(),
              .user_id = std::move(*message.mutable_user_id()),
              .session_id = std::move(*message.mutable_session_id()),
              .query_id = std::move(*message.mutable_query_id()),
              .query = std::move(*message.mutable_query()),
              .language = std::move(*message.mutable_language()),
              .country = std::move(*message.mutable_country()),
              .filter = std::move(*message.mutable_filter()),
              .sort = std::move(*message.mutable_sort()),
              .listing_id = std::move(*message.mutable_listing_id()),
              .surface = std::move(*message.mutable_surface()),
              .shown = {std::make_move_iterator(message.mutable_shown()->begin()),
                        std::make_move_iterator(message.mutable_shown()->end())},
              .offset = message.offset(),
              .quantity = message.quantity(),
              .currency = std::move(*message.mutable_currency()),
              .dwell_ms = message.dwell_ms(),
              .experiment = std::move(*message.mutable_experiment()),
              .variant = std::move(*message.mutable_variant()),
              .unit = std::move(*message.mutable_unit())};
  if (message.has_position()) event.position = message.position();
  if (message.has_price_cents()) event.price_cents = message.price_cents();
  return event;
}

}  // namespace

const char* event_kind_name(EventKind kind) {
  switch (kind) {
    case EventKind::kSearch:
      return "search";
    case EventKind::kImpression:
      return "impression";
    case EventKind::kClick:
      return "click";
    case EventKind::kView:
      return "view";
    case EventKind::kFavourite:
      return "favourite";
    case EventKind::kCart:
      return "cart";
    case EventKind::kPurchase:
      return "purchase";
    case EventKind::kDwell:
      return "dwell";
    case EventKind::kReport:
      return "report";
    case EventKind::kHide:
      return "hide";
    case EventKind::kExposure:
      return "exposure";
  }
  return "unknown";
}

Result<std::string> encode(const Event& event) {
  HANDSEL_TRY(check_limits(event));
  proto::Event message;
  to_message(event, message);
  std::string payload = {kVersion};
  HANDSEL_CHECK(message.AppendToString(&payload));
  if (payload.size() > kEventBytesMax) {
    return fail(Code::kTooLarge, "event '{}' has {} bytes; at most {} are allowed", event.id, payload.size(),
                kEventBytesMax);
  }
  return payload;
}

Result<Event> decode(std::string_view payload) {
  if (payload.empty()) return fail(Code::kCorrupt, "the stored event is empty");
  if (payload[0] != kVersion) {
    return fail(Code::kUnsupported, "the stored event has version {}; this program knows {}",
                static_cast<unsigned char>(payload[0]), static_cast<int>(kVersion));
  }
  if (payload.size() > kEventBytesMax) return fail(Code::kCorrupt, "the stored event is too large");
  proto::Event message;
  if (!message.ParseFromArray(payload.data() + 1, static_cast<int>(payload.size() - 1))) {
    return fail(Code::kCorrupt, "the stored event does not parse");
  }
  if (!proto::EventKind_IsValid(message.kind())) {
    return fail(Code::kUnsupported, "the stored event has a kind of a newer version ({})",
                static_cast<int>(message.kind()));
  }
  Event event = from_message(message);
  if (const Result<void> within = check_limits(event); !within) {
    return fail(Code::kCorrupt, "stored {}", within.error().message);
  }
  return event;
}

Result<log::NewRecord> to_record(const Event& event) {
  HANDSEL_ASSIGN(std::string payload, encode(event));
  const std::string& key = !event.session_id.empty() ? event.session_id
                           : !event.user_id.empty()  ? event.user_id
                                                     : event.id;
  return log::NewRecord{.key = key, .payload = std::move(payload), .idempotency_key = event.id};
}

}  // namespace handsel::events

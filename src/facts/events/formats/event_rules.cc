#include "facts/events/formats/event_rules.h"

#include <algorithm>
#include <utility>

#include "base/core/bytes.h"
#include "base/core/hash.h"
#include "facts/catalog/import/listing_rules.h"
#include "facts/catalog/import/values.h"
#include "facts/catalog/listing.h"

namespace handsel::events {
namespace {

using catalog::kIdBytesMax;
using catalog::refuse;

RowResult<void> check_id(std::string_view field, std::string& id) {
  id = std::string(catalog::trim(id));
  if (id.size() > kIdBytesMax) return refuse(field, "has {} bytes; at most {} are allowed", id.size(), kIdBytesMax);
  const bool plain = std::ranges::none_of(id, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (!plain) return refuse(field, "has control characters");
  return {};
}

RowResult<void> check_range(std::string_view field, std::int64_t value, std::int64_t max) {
  if (value < 0) return refuse(field, "is {}; it may not be negative", value);
  if (value > max) return refuse(field, "is {}; at most {} is allowed", value, max);
  return {};
}

RowResult<void> check_time(Event& event, std::int64_t now_ms) {
  if (event.time_ms == 0) event.time_ms = now_ms;
  if (event.time_ms < 0) return refuse("time_ms", "is before 1970");
  if (event.time_ms > now_ms + kFutureToleranceMs) {
    return refuse("time_ms", "is {} s in the future; at most {} s are allowed, for clocks that differ",
                  (event.time_ms - now_ms) / 1000, kFutureToleranceMs / 1000);
  }
  return {};
}

RowResult<void> check_listings(Event& event) {
  HANDSEL_TRY(check_id("listing_id", event.listing_id));
  if (event.kind == EventKind::kSearch || event.kind == EventKind::kExposure) {
    event.listing_id.clear();
  } else if (event.listing_id.empty()) {
    return refuse("listing_id", "is missing; every kind but search and exposure is about a listing");
  }
  if (event.shown.size() > kShownMax) {
    return refuse("shown", "has {} listings; at most {} are allowed", event.shown.size(), kShownMax);
  }
  for (std::string& id : event.shown) HANDSEL_TRY(check_id("shown", id));
  std::erase(event.shown, "");
  return {};
}

// Of other kinds the names are dropped: an event belongs to an experiment by its unit's exposure, not by its own word.
RowResult<void> check_exposure(Event& event) {
  if (event.kind != EventKind::kExposure) {
    event.experiment.clear();
    event.variant.clear();
    event.unit.clear();
    return {};
  }
  event.shown.clear();
  for (const auto& [field, name] : {std::pair<std::string_view, std::string*>{"experiment", &event.experiment},
                                    {"variant", &event.variant},
                                    {"unit", &event.unit}}) {
    HANDSEL_TRY(check_id(field, *name));
    if (name->empty()) return refuse(field, "is missing; an exposure names experiment, variant and unit");
  }
  return {};
}

// A code of so many letters, in upper case ("EUR", "PT"); what else a sender writes there is dropped, since the rest
// of the event would still be of use and a wrong code would not.
void clean_code(std::string& code, std::size_t letters) {
  for (char& c : code) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  const bool is_code = code.size() == letters && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_code) code.clear();
}

// A tag of letters, digits and hyphens ("en", "pt-BR"); what is none says nothing.
void clean_language(Event& event) {
  constexpr std::size_t kTagBytesMax = 35;  // RFC 5646, 4.4.1
  std::string& tag = event.language;
  const auto is_of_tag = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  const bool is_tag = tag.size() <= kTagBytesMax && std::ranges::all_of(tag, is_of_tag);
  if (event.kind != EventKind::kSearch || !is_tag) tag.clear();
}

// What decided which listings could be on the page, and in what order: cut, it would say something else.
RowResult<void> check_asked(Event& event) {
  if (event.kind != EventKind::kSearch) {
    event.filter.clear();
    event.sort.clear();
  }
  if (event.filter.size() > kFilterBytesMax) {
    return refuse("filter", "has {} bytes; at most {} are allowed", event.filter.size(), kFilterBytesMax);
  }
  if (event.sort == "relevance") event.sort.clear();
  return check_id("sort", event.sort);
}

}  // namespace

RowResult<void> apply_rules(Event& event, std::int64_t now_ms) {
  HANDSEL_TRY(check_id("id", event.id));
  HANDSEL_TRY(check_id("user_id", event.user_id));
  HANDSEL_TRY(check_id("session_id", event.session_id));
  HANDSEL_TRY(check_id("query_id", event.query_id));
  HANDSEL_TRY(check_id("surface", event.surface));
  HANDSEL_TRY(check_listings(event));
  HANDSEL_TRY(check_exposure(event));
  HANDSEL_TRY(check_asked(event));
  HANDSEL_TRY(check_time(event, now_ms));
  if (event.position) HANDSEL_TRY(check_range("position", *event.position, kPositionMax));
  HANDSEL_TRY(check_range("offset", event.offset, kPositionMax));
  HANDSEL_TRY(check_range("quantity", event.quantity, kQuantityMax));
  if (event.price_cents) HANDSEL_TRY(check_range("price", *event.price_cents, catalog::kPriceCentsMax));
  HANDSEL_TRY(check_range("dwell_ms", event.dwell_ms, kDwellMsMax));
  catalog::clean_text(event.query, kQueryBytesMax);
  clean_language(event);
  if (event.kind != EventKind::kSearch) event.country.clear();
  clean_code(event.country, 2);   // ISO 3166 alpha-2
  clean_code(event.currency, 3);  // ISO 4217
  if (event.id.empty()) event.id = content_id(event);
  return {};
}

std::string content_id(const Event& event) {
  std::string content;
  put_fixed(content, static_cast<std::uint8_t>(event.kind));
  put_fixed(content, event.time_ms);
  for (const std::string* text : {&event.user_id, &event.session_id, &event.query_id, &event.query, &event.listing_id,
                                  &event.surface, &event.currency}) {
    put_string(content, *text);
  }
  put_fixed(content, event.position.value_or(-1));
  for (const std::string& id : event.shown) put_string(content, id);
  put_fixed(content, event.offset);
  put_fixed(content, event.quantity);
  put_fixed(content, event.price_cents.value_or(-1));
  put_fixed(content, event.dwell_ms);
  if (event.kind == EventKind::kExposure) {  // of the other kinds ids stay what they were before there were exposures
    for (const std::string* text : {&event.experiment, &event.variant, &event.unit}) put_string(content, *text);
  }
  return fmt::format("{:016x}{:016x}", hash64(content, 1), hash64(content, 2));
}

std::optional<EventKind> parse_event_kind(std::string_view name) {
  for (int kind = 0; kind <= static_cast<int>(kEventKindLast); ++kind) {
    if (name == event_kind_name(static_cast<EventKind>(kind))) return static_cast<EventKind>(kind);
  }
  return std::nullopt;
}

}  // namespace handsel::events

// Something that a person did, or was shown.
//
// Events are facts: appended once, never changed. An event with an id that was
// seen before is accepted and counted once (idempotency).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace handsel::events {

inline constexpr std::size_t kEventBytesMax = 64 * 1024;
inline constexpr std::size_t kFilterBytesMax = 16 * 1024;
inline constexpr std::size_t kShownMax = 500;                      // listings in one search event
inline constexpr std::int64_t kFutureToleranceMs = 5 * 60 * 1000;  // clocks differ; more is rejected

enum class EventKind : std::uint8_t {
  kSearch,      // a page of results was shown: `query`, `shown`, `offset`
  kImpression,  // one listing was seen: `listing_id`, `position`
  kClick,
  kView,  // a listing's own page was opened
  kFavourite,
  kCart,
  kPurchase,
  kDwell,  // `dwell_ms` on a listing's page
  kReport,
  kHide,
  kExposure,  // a unit met a variant of an experiment: `experiment`, `variant`, `unit`; says nothing of listings
};
inline constexpr EventKind kEventKindLast = EventKind::kExposure;

// "search", "click", ...
const char* event_kind_name(EventKind kind);

struct Event {
  std::string id;  // idempotency key; made from the content where the sender gave none
  EventKind kind = EventKind::kView;
  std::int64_t time_ms = 0;
  std::string user_id;  // may be empty: anonymous
  std::string session_id;
  std::string query_id;                  // of the answer that this event follows
  std::string query;                     // the words, for kSearch
  std::string language;                  // that the words were asked in (BCP 47), where the search named one
  std::string country;                   // of who searched (ISO 3166 alpha-2, upper case), where the search named one
  std::string filter;                    // that kept the rest of the listings away, as the search had it
  std::string sort;                      // the column that the page was ordered by; empty: by relevance
  std::string listing_id;                // every kind but kSearch and kExposure
  std::string surface;                   // where it was shown: "search", "home", "similar"
  std::optional<std::int32_t> position;  // 0 is the first
  std::vector<std::string> shown;        // listing ids, best first, for kSearch
  std::int32_t offset = 0;               // of the first shown
  std::int64_t quantity = 1;
  std::optional<std::int64_t> price_cents;  // of one, for kPurchase and kCart
  std::string currency;
  std::int64_t dwell_ms = 0;
  std::string experiment;  // these three for kExposure alone
  std::string variant;
  std::string unit;  // its name, as the experiment counts units: a user, a session, a query, a block of time

  bool operator==(const Event&) const = default;
};

}  // namespace handsel::events

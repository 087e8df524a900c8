// Moments as people write them in filters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace handsel::query {

// Milliseconds since 1970, UTC. A day is the span of its 24 hours; a moment has no length.
struct DateSpan {
  std::int64_t begin_ms = 0;
  std::int64_t end_ms = 0;  // a day: the first moment of the next; a moment: begin_ms
  bool operator==(const DateSpan&) const = default;
};

// "2026-01-31", or RFC 3339: "2026-01-31T18:30:00Z", "2026-01-31T18:30:00.250+02:00".
// Years 0001 to 9999; leap seconds are the second after.
std::optional<DateSpan> parse_date(std::string_view text);

// RFC 3339 in UTC; with milliseconds where there are any. Nothing beyond those years.
std::optional<std::string> format_moment(std::int64_t ms);

}  // namespace handsel::query

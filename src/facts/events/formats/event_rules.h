// The last gate before an event leaves a reader of any format: refuses what cannot
// be stored or believed, cuts text, and gives an id to an event that has none.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "facts/catalog/import/row.h"
#include "facts/events/event.h"

namespace handsel::events {

using catalog::RowError;
using catalog::RowResult;

inline constexpr std::size_t kQueryBytesMax = 1000;
inline constexpr std::int64_t kQuantityMax = 1'000'000;
inline constexpr std::int64_t kDwellMsMax = 24LL * 3600 * 1000;
inline constexpr std::int32_t kPositionMax = 10'000'000;

// Refused: no listing (any kind but search and exposure), an exposure that does not name
// experiment, variant and unit, an id or name over 128 bytes, a time more than
// kFutureToleranceMs after `now_ms`, numbers out of range. A time of 0 becomes
// `now_ms`; an empty id becomes content_id().
RowResult<void> apply_rules(Event& event, std::int64_t now_ms);

// 32 hexadecimal digits made from every other member: the same event sent twice is
// the same event.
std::string content_id(const Event& event);

std::optional<EventKind> parse_event_kind(std::string_view name);

}  // namespace handsel::events

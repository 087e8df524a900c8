// Events into the log and out of it again.
//
// put() is what stands between a sender and the log: each event passes validate_event(),
// the good ones are appended in one group, durable on return, the others are answered
// with the field and the reason. An event with an id that was seen in the last
// log::kIdempotencyDays is answered 'duplicate' and not stored again; an event without an
// id gets one made from its content, so that the same event sent twice is one event.
//
// Thread safe. Costs one append of the log per ten thousand events.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/clock.h"
#include "base/core/result.h"
#include "facts/events/event.h"
#include "facts/log/log.h"

namespace handsel::events {

// Tells whether the catalogue has a listing of that id.
using KnowsListing = std::function<bool(std::string_view listing_id)>;

// Puts an event into the shape that is stored: time of arrival where it has none, an id
// made from its content where it has none, cut text. kInvalidData, naming the field,
// for: no listing, or an unknown one, where the kind needs one; a time further in the
// future than kFutureToleranceMs; anything over the limits.
Result<void> validate_event(Event& event, std::int64_t now_ms, const KnowsListing& knows_listing);

struct PutStatus {
  std::string id;
  std::optional<Error> refused;  // nothing: durable
  bool duplicate = false;
};

class EventStore {
 public:
  using Visitor = std::function<bool(const Event& event)>;

  // Both are borrowed.
  EventStore(log::Log& log, const Clock& clock) : log_(log), clock_(clock) {}

  // One status per event, in order. An error of the whole (a full disk) means that
  // nothing was acknowledged, though some may be stored: sent again, they are duplicates.
  Result<std::vector<PutStatus>> put(std::span<const Event> events, const KnowsListing& knows_listing);

  // Partition by partition, each in order, until `visit` returns false. Events of a
  // newer program's kinds are passed over.
  Result<void> visit(const Visitor& visit) const;

  // Stored so far.
  std::uint64_t count() const;

 private:
  log::Log& log_;
  const Clock& clock_;
};

}  // namespace handsel::events

// Events as log records, and back.
//
// The record's key is what an event is grouped by, so that one visit stays in one
// partition, in order: the session, else the user, else the event's own id. The payload
// is  version 1 (1 byte) message of event.proto ; the idempotency key is the event's id.
//
// encode() refuses, naming the field, what is over the limits of event.h; decode() gives
// kCorrupt for what does not parse and kUnsupported for a version or kind of the future
// (a reader passes over those). Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/core/result.h"
#include "facts/events/event.h"
#include "facts/log/log.h"

namespace handsel::events {

Result<std::string> encode(const Event& event);
Result<Event> decode(std::string_view payload);

// `event.id` may not be empty.
Result<log::NewRecord> to_record(const Event& event);

}  // namespace handsel::events

// Our own JSON shape of an event: keys are the members of events::Event, `kind` by
// name, `price` in units. docs/reference/event-formats.md has every key.
#pragma once

#include <string>

#include "facts/events/event.h"

namespace handsel::events {

// Appends one JSON object in one line. Members that hold their default are left out.
void append_json(std::string& out, const Event& event);
std::string to_json(const Event& event);

}  // namespace handsel::events

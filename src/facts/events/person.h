// Who did something, where it only matters whether it was somebody else.
#pragma once

#include <cstdint>

#include "base/core/hash.h"
#include "facts/events/event.h"

namespace handsel::events {

// The user where one is named, else the session; the same for all who name neither.
inline std::uint64_t person_of(const Event& event) {
  return event.user_id.empty() ? hash64(event.session_id, 1) : hash64(event.user_id, 2);
}

}  // namespace handsel::events

#include "facts/log/log.h"

#include "base/core/hash.h"

namespace handsel::log {

std::string_view topic_name(Topic topic) {
  switch (topic) {
    case Topic::kListings:
      return "listings";
    case Topic::kEvents:
      return "events";
    case Topic::kDecisions:
      return "decisions";
  }
  return "unknown";
}

std::uint32_t partition_of(std::string_view key, std::uint32_t count) {
  HANDSEL_CHECK(count > 0);
  return static_cast<std::uint32_t>(hash64(key) % count);
}

}  // namespace handsel::log

// Stored catalogue records and events: the first byte chooses what the rest is read
// as. Whatever decodes, encodes, and then decodes to the same again.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "facts/catalog/codec.h"
#include "facts/events/codec.h"

namespace {

bool comparable(const std::optional<double>& number) {
  return !number || !std::isnan(*number);
}
bool comparable(const std::optional<handsel::catalog::GeoPoint>& point) {
  return !point || (!std::isnan(point->latitude_deg) && !std::isnan(point->longitude_deg));
}
// Not-a-number is never equal to itself.
bool comparable(const auto& thing) {
  if constexpr (requires { thing.location; }) {
    if (!comparable(thing.location)) return false;
  }
  if constexpr (requires { thing.rating_count; }) {
    if (!comparable(thing.rating)) return false;
  }
  return true;
}

void round_trip(const auto& decode, const auto& encode, std::string_view bytes) {
  const auto thing = decode(bytes);
  if (!thing) return;
  const auto payload = encode(*thing);
  if (!payload) {
    // Events may grow over their limit only where the bytes at hand were at it.
    if (bytes.size() < handsel::events::kEventBytesMax / 2) std::abort();
    return;
  }
  const auto again = decode(*payload);
  if (!again || (comparable(*thing) && *again != *thing)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto encode = [](const auto& thing) { return handsel::catalog::encode(thing); };
  switch (data[0] % 6) {
    case 0:
      round_trip(handsel::catalog::decode_listing, encode, bytes);
      break;
    case 1:
      round_trip(handsel::catalog::decode_shop, encode, bytes);
      break;
    case 2:
      round_trip(handsel::catalog::decode_taxonomy_node, encode, bytes);
      break;
    case 3:
      round_trip(handsel::catalog::decode_review, encode, bytes);
      break;
    case 4:
      round_trip(handsel::catalog::decode_user, encode, bytes);
      break;
    case 5:
      round_trip(handsel::events::decode, [](const auto& event) { return handsel::events::encode(event); }, bytes);
      break;
  }
  handsel::catalog::parse_key(bytes);
  return 0;
}

// Cursors come back from clients: a text is a cursor that encodes to itself, or refused.
#include <cstdint>
#include <string_view>

#include "products/search/internal/cursor.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto cursor = search::decode_cursor(text);
  const auto generation = search::cursor_generation(text);
  HANDSEL_CHECK(cursor.has_value() == generation.has_value());
  if (!cursor) {
    HANDSEL_CHECK(cursor.error().message.starts_with("cursor: "));
    return 0;
  }
  HANDSEL_CHECK(search::decode_cursor(search::encode_cursor(*cursor)).value() == *cursor);
  return 0;
}

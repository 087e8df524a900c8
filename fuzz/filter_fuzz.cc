// The filter language: whatever is written, it is read or refused with a position;
// what was read writes itself, and reads the same again.
#include <cstdint>
#include <string_view>

#include "base/core/result.h"
#include "ranking/query/filter_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto filter = query::parse_filter(text);
  if (!filter) {
    HANDSEL_CHECK(filter.error().message.starts_with("filter: "));
    return 0;
  }
  const std::string written = query::filter_to_string(*filter);
  // Quotation marks and canonical dates may make it longer than what is read.
  if (written.size() > query::kFilterBytesMax) return 0;
  const auto again = query::parse_filter(written);
  HANDSEL_CHECK(again.has_value());
  HANDSEL_CHECK(*again == *filter);
  return 0;
}

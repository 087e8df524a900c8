// The file of what queries mean. Its checksum is set right, so that the tables behind it
// meet the bytes; what was read is asked, and written again.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/core/bytes.h"
#include "ranking/query/understanding.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel;
  static const text::Analyzer analyzer("en");
  constexpr std::size_t kHeader = 12;  // magic, version, checksum
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)query::Understanding::parse(bytes);
  if (size < kHeader) return 0;
  std::string sealed(bytes.substr(0, kHeader - 4));
  put_fixed(sealed, crc32c(bytes.substr(kHeader)));
  sealed += bytes.substr(kHeader);
  const auto parsed = query::Understanding::parse(sealed);
  if (!parsed) return 0;
  for (const char* text : {"linen apron", "ring", ""}) {
    const query::QueryUnderstanding known = (*parsed)->understand(analyzer, text, "en");
    HANDSEL_CHECK(known.confidence >= 0 && known.confidence <= 1);
    for (const auto& [name, share] : known.taxonomies) HANDSEL_CHECK(share >= 0 && share <= 1);
    for (const auto& [name, share] : known.attributes) HANDSEL_CHECK(share >= 0 && share <= 1);
    for (const query::NamedValue& value : known.named) HANDSEL_CHECK(value.share >= 0 && value.share <= 1);
  }
  HANDSEL_CHECK((*parsed)->other_names("linen").value.size() <= 4);
  const std::string terms[] = {"linen", "apron"};
  HANDSEL_CHECK((*parsed)->queries_with(terms, 5).size() <= 5);
  HANDSEL_CHECK(query::Understanding::parse((*parsed)->to_bytes()).has_value());
  return 0;
}

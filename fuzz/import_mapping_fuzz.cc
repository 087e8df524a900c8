// Mapping files, which users write. A mapping that is accepted is also put to work.
#include <cstdint>
#include <string>

#include "facts/catalog/import/import.h"
#include "facts/catalog/import/mapping.h"

namespace {

constexpr std::string_view kTable = "id,title,price\n1,Mug,\"1,234.50 EUR\"\n2,Cup,x\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel;
  const std::string_view toml(reinterpret_cast<const char*>(data), size);
  Result<catalog::Mapping> mapping = catalog::parse_mapping(toml, "fuzz");
  if (!mapping) return 0;
  mapping->columns_optional = true;
  const auto source = catalog::memory_source("table", kTable);
  catalog::import_listings(
      *source, {.mapping = &*mapping}, [](std::span<catalog::Row<catalog::Listing>>) -> Result<void> { return {}; },
      [](const catalog::RefusedRow&) -> Result<void> { return {}; });
  return 0;
}

// Every importer of the catalogue. The first byte chooses the format, the second the
// size of the buffers; the rest is the file. What is accepted is written as JSON and
// must read back as the same.
#include <cstdint>
#include <string>

#include "base/core/result.h"
#include "facts/catalog/import/import.h"
#include "facts/catalog/import/listing_json.h"

namespace {

using namespace handsel;
using catalog::ImportFormat;

constexpr std::string_view kMapping = R"toml(
columns_optional = true
[listing]
id = ["id", "a.b"]
title = { from = ["title", "name"], first = true }
price = "price"
currency = { from = "currency", default = "EUR" }
tags = { from = "tags", split = "," }
taxonomy_path = { from = "category", split = ">" }
images = "images.url"
rating = "rating"
created = "created"
latitude = "lat"
longitude = "lon"
state = { from = "state", values = { yes = "active" }, default = "active" }
[attributes]
color = "color"
)toml";

template <typename T>
void check_round_trip(const T& value, catalog::RowResult<T> (catalog::CatalogParser::*read)(std::string_view)) {
  const std::string json = catalog::to_json(value);
  catalog::CatalogParser parser;
  const catalog::RowResult<T> back = (parser.*read)(json);
  HANDSEL_CHECK(back.has_value());
  HANDSEL_CHECK(catalog::to_json(*back) == json);
}

template <typename T>
catalog::RowSink<T> sink(catalog::RowResult<T> (catalog::CatalogParser::*read)(std::string_view)) {
  return [read](std::span<catalog::Row<T>> rows) -> Result<void> {
    for (const catalog::Row<T>& row : rows) check_round_trip(row.value, read);
    return {};
  };
}

Result<void> ignore(const catalog::RefusedRow&) {
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const catalog::Mapping mapping = *catalog::parse_mapping(kMapping, "fuzz");
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto source = catalog::memory_source("fuzz", text, data[1] + std::size_t{1});
  const int choice = data[0] % 9;
  constexpr ImportFormat kFormats[] = {ImportFormat::kRecognise,   ImportFormat::kHandsel,     ImportFormat::kEtsy,
                                       ImportFormat::kMerchantTsv, ImportFormat::kMerchantXml, ImportFormat::kMapped};
  const auto listings = sink<catalog::Listing>(&catalog::CatalogParser::listing);
  if (choice < 6) {
    const catalog::ImportOptions options{.format = kFormats[choice], .mapping = choice == 5 ? &mapping : nullptr};
    catalog::import_listings(*source, options, listings, ignore);
  } else if (choice == 6) {
    catalog::import_shops(*source, {}, sink<catalog::Shop>(&catalog::CatalogParser::shop), ignore);
  } else if (choice == 7) {
    catalog::import_taxonomy(*source, {}, sink<catalog::TaxonomyNode>(&catalog::CatalogParser::taxonomy_node), ignore);
  } else {
    catalog::import_reviews(*source, {}, sink<catalog::Review>(&catalog::CatalogParser::review), ignore);
  }
  return 0;
}

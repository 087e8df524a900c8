// The fields of a listing by the names that a mapping uses, and how each is set from
// texts.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "facts/catalog/import/row.h"
#include "facts/catalog/import/values.h"
#include "facts/catalog/listing.h"

namespace handsel::catalog::internal {

// A listing of which some fields are known so far.
struct ListingDraft {
  Listing listing;
  std::optional<double> latitude_deg;
  std::optional<double> longitude_deg;
};

struct FieldText {
  std::string_view text;  // not empty
  PriceStyle price;
};

bool is_listing_field(std::string_view name);
// Takes several values: tags, materials, taxonomy_path, images.
bool is_list_field(std::string_view name);
// "id, shop_id, ..." for messages.
std::string listing_field_names();

// `name` is a field that takes one value.
RowResult<void> set_field(std::string_view name, const FieldText& value, ListingDraft& draft);
// `name` is a field that takes several; appends.
void append_to_field(std::string_view name, std::vector<std::string> values, ListingDraft& draft);

}  // namespace handsel::catalog::internal

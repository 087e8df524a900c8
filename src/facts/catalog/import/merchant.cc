#include "facts/catalog/import/merchant.h"

#include "base/core/result.h"

namespace handsel::catalog {
namespace {

// Google writes several additional images with commas between them, and several
// colours or materials with slashes. Of several product types the first counts.
constexpr std::string_view kMerchantMapping = R"toml(
columns_optional = true

[listing]
id = "id"
title = "title"
description = "description"
url = "link"
images = ["image_link", { from = "additional_image_link", split = "," }]
price = "price"
taxonomy_path = { from = ["product_type", "google_product_category"], first = true, split = ">" }
materials = { from = "material", split = "/" }
shop_id = "external_seller_id"
shop_name = "brand"
quantity = "quantity"
ships_from = "ships_from_country"

[listing.state]
from = "availability"
default = "active"
values = { in_stock = "active", "in stock" = "active", preorder = "active", backorder = "active", out_of_stock = "sold_out", "out of stock" = "sold_out" }

[attributes]
brand = "brand"
color = { from = "color", split = "/" }
size = "size"
pattern = "pattern"
gender = "gender"
age_group = "age_group"
condition = "condition"
item_group_id = "item_group_id"
gtin = "gtin"
mpn = "mpn"
)toml";

}  // namespace

Mapping merchant_mapping() {
  Result<Mapping> mapping = parse_mapping(kMerchantMapping, "the mapping of Google Merchant feeds");
  HANDSEL_CHECK(mapping.has_value());
  return std::move(*mapping);
}

}  // namespace handsel::catalog

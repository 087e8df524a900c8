#include "facts/catalog/import/etsy.h"

#include <gtest/gtest.h>

namespace handsel::catalog {
namespace {

TEST(Etsy, AListingWithItsIncludes) {
  EtsyParser parser;
  const ParsedRecord<Listing> record = parser.listings(R"({
    "listing_id": 1234567890123, "user_id": 5, "shop_id": 77,
    "title": "Salt &amp; pepper &quot;mills&quot;", "description": "Turned &#39;by hand&#39;",
    "url": "https://www.etsy.com/listing/1234567890123", "state": "sold_out", "language": "en-US",
    "creation_timestamp": 1700000100, "original_creation_timestamp": 1700000000, "last_modified_timestamp": 1700000500,
    "quantity": 2, "num_favorers": 31, "is_personalizable": true, "listing_type": "physical",
    "tags": ["mill", "oak &amp; ash"], "materials": ["oak"], "style": ["Rustic"],
    "who_made": "i_did", "when_made": "made_to_order", "is_supply": false,
    "item_length": 12.5, "item_width": null, "item_dimensions_unit": "cm", "item_weight": 300, "item_weight_unit": "g",
    "price": {"amount": 4250, "divisor": 100, "currency_code": "EUR"}, "taxonomy_id": 1062,
    "images": [{"url_fullxfull": "https://i/full.jpg", "url_570xN": "https://i/570.jpg", "alt_text": "Two mills"},
               {"url_570xN": "https://i/570b.jpg", "alt_text": null}],
    "shop": {"shop_name": "Turned", "shipping_from_country_iso": "AT"}})");
  ASSERT_EQ(record.values.size(), 1u);
  const Listing expected{
      .id = "1234567890123",
      .shop_id = "77",
      .shop_name = "Turned",
      .title = "Salt & pepper \"mills\"",
      .description = "Turned 'by hand'",
      .url = "https://www.etsy.com/listing/1234567890123",
      .language = "en",
      .tags = {"mill", "oak & ash"},
      .materials = {"oak"},
      .attributes = {{"style", "Rustic"},
                     {"who_made", "i_did"},
                     {"when_made", "made_to_order"},
                     {"weight", "300 g"},
                     {"length", "12.5 cm"},
                     {"taxonomy_id", "1062"}},
      .images = {{"https://i/full.jpg", "Two mills"}, {"https://i/570b.jpg", ""}},
      .price_cents = 4250,
      .currency = "EUR",
      .quantity = 2,
      .state = ListingState::kSoldOut,
      .favourites_count = 31,
      .listing_type = "physical",
      .ships_from = "AT",
      .personalizable = true,
      .created_ms = 1700000000000,
      .updated_ms = 1700000500000,
  };
  EXPECT_EQ(record.values[0], expected);
}

TEST(Etsy, DriftBetweenSpecificationAndDataIsTaken) {
  struct Case {
    std::string_view json;
    Listing expected;
  };
  const Case cases[] = {
      {R"({"listing_id": "9", "state": "vacation"})", {.id = "9", .state = ListingState::kInactive}},
      {R"({"listing_id": 9, "state": "active", "created_timestamp": 1700000000, "updated_timestamp": 1700000001,
           "last_modified_timestamp": 1})",
       {.id = "9", .created_ms = 1700000000000, .updated_ms = 1700000001000}},
      {R"({"listing_id": 9, "state": "active", "price": {"amount": 1500, "divisor": 1, "currency_code": "JPY"}})",
       {.id = "9", .price_cents = 150000, .currency = "JPY"}},
      {R"({"listing_id": 9, "state": "active", "price": {"amount": "1234", "divisor": 1000, "currency_code": "BHD"}})",
       {.id = "9", .price_cents = 123, .currency = "BHD"}},
      {R"({"listing_id": 9, "state": "active", "price": "12.50", "currency_code": "USD"})",
       {.id = "9", .price_cents = 1250, .currency = "USD"}},
      {R"({"listing_id": 9, "state": "active", "tags": null, "images": null, "listing_type": "hologram"})",
       {.id = "9", .listing_type = "hologram"}},
      {R"({"listing_id": 9, "state": "active", "taxonomy_path": ["Home", "Mugs"]})",
       {.id = "9", .taxonomy_path = {"Home", "Mugs"}}},
  };
  EtsyParser parser;
  for (const Case& c : cases) {
    const ParsedRecord<Listing> record = parser.listings(c.json);
    ASSERT_EQ(record.values.size(), 1u) << c.json << (record.refused.empty() ? "" : record.refused[0].reason);
    EXPECT_EQ(record.values[0], c.expected) << c.json;
  }
}

TEST(Etsy, WhatCannotBeUsedIsRefused) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({"title": "x"})", "listing_id"},
      {R"({"listing_id": 1, "price": {"amount": null, "divisor": 100}})", "price"},
      {R"({"listing_id": 1, "price": {"amount": 5, "divisor": 0}})", "price"},
      {R"({"listing_id": 1, "price": {"amount": -5, "divisor": 100}})", "price"},
      {R"({"listing_id": 1, "price": {"amount": 9223372036854775807, "divisor": 1}})", "price"},
      {R"({"listing_id": 1, "quantity": -2})", "quantity"},
      {"[]", ""},
      {"{", ""},
  };
  EtsyParser parser;
  for (const auto& [json, field] : cases) {
    const ParsedRecord<Listing> record = parser.listings(json);
    ASSERT_EQ(record.refused.size(), 1u) << json;
    EXPECT_EQ(record.refused[0].field, field) << json;
    EXPECT_TRUE(record.values.empty());
  }
}

TEST(Etsy, PagesShopsTreesAndReviews) {
  EtsyParser parser;
  const ParsedRecord<Listing> page =
      parser.listings(R"({"count": 3, "results": [{"listing_id": 1}, {"title": "no id"}, {"listing_id": 2}]})");
  ASSERT_EQ(page.values.size(), 2u);
  EXPECT_EQ(page.values[1].id, "2");
  EXPECT_EQ(page.refused.size(), 1u);

  const ParsedRecord<Shop> shops = parser.shops(
      R"({"shop_id": 7, "shop_name": "A&amp;B", "create_date": 1700000000, "title": null, "currency_code": "USD",
          "is_vacation": true, "num_favorers": 3, "transaction_sold_count": 9, "shop_location_country_iso": "se",
          "review_average": 4.8, "review_count": 12, "url": "https://x"})");
  ASSERT_EQ(shops.values.size(), 1u);
  const Shop expected{.id = "7",
                      .name = "A&B",
                      .url = "https://x",
                      .country = "SE",
                      .currency = "USD",
                      .created_ms = 1700000000000,
                      .favourites_count = 3,
                      .sales_count = 9,
                      .rating = 4.8,
                      .rating_count = 12,
                      .on_vacation = true};
  EXPECT_EQ(shops.values[0], expected);

  const ParsedRecord<TaxonomyNode> tree = parser.taxonomy(
      R"({"count": 1, "results": [{"id": 1, "level": 1, "name": "Home", "parent_id": null, "children": [
          {"id": 2, "name": "Kitchen &amp; Dining", "parent_id": 1, "children": [{"id": 3, "name": "Mugs"}]},
          {"id": 4, "name": ""}]}]})");
  const std::vector<TaxonomyNode> nodes = {{"1", "", "Home"}, {"2", "1", "Kitchen & Dining"}, {"3", "2", "Mugs"}};
  EXPECT_EQ(tree.values, nodes);
  ASSERT_EQ(tree.refused.size(), 1u);
  EXPECT_EQ(tree.refused[0].field, "name");

  const std::string_view review =
      R"({"shop_id": 7, "listing_id": 1, "rating": 5, "review": "Lovely &#128512;", "language": "en",
          "created_timestamp": 1700000000, "buyer_user_id": 8)";
  const ParsedRecord<Review> known = parser.reviews(fmt::format(R"({}, "transaction_id": 99}})", review));
  ASSERT_EQ(known.values.size(), 1u);
  EXPECT_EQ(known.values[0], (Review{.id = "99",
                                     .listing_id = "1",
                                     .shop_id = "7",
                                     .user_id = "8",
                                     .rating = 5,
                                     .text = "Lovely 😀",
                                     .language = "en",
                                     .created_ms = 1700000000000}));
  const ParsedRecord<Review> once = parser.reviews(fmt::format("{}}}", review));
  const ParsedRecord<Review> twice = parser.reviews(fmt::format("{}}}", review));
  ASSERT_EQ(once.values.size(), 1u);
  EXPECT_EQ(once.values[0].id, twice.values[0].id) << "the same review has the same id";
}

}  // namespace
}  // namespace handsel::catalog

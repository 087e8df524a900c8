#include "facts/catalog/import/listing_json.h"

#include <gtest/gtest.h>

#include "facts/catalog/import/listing_rules.h"

namespace handsel::catalog {
namespace {

Listing full_listing() {
  return {
      .id = "l-1",
      .shop_id = "s-1",
      .shop_name = "Linnea \"Lin\" Weaves",
      .title = "Linen apron \\ Schürze",
      .description = "Two lines\nand a tab\t🧶",
      .url = "https://shop.example/l-1",
      .language = "en",
      .tags = {"apron", "linen"},
      .materials = {"linen"},
      .attributes = {{"color", "ivory"}, {"color", "rose"}, {"size", "M"}},
      .taxonomy_path = {"Home & Living", "Kitchen"},
      .images = {{"https://shop.example/1.jpg", "front"}, {"https://shop.example/2.jpg", ""}},
      .price_cents = 1250,
      .currency = "EUR",
      .quantity = 3,
      .state = ListingState::kSoldOut,
      .rating = 4.75,
      .rating_count = 12,
      .favourites_count = 7,
      .listing_type = "physical",
      .ships_from = "DE",
      .personalizable = true,
      .location = GeoPoint{52.5, 13.4},
      .created_ms = 1733790364625,
      .updated_ms = 1733790364626,
  };
}

TEST(ListingJson, WhatIsWrittenReadsBack) {
  CatalogParser parser;
  const Listing listing = full_listing();
  const RowResult<Listing> back = parser.listing(to_json(listing));
  ASSERT_TRUE(back.has_value()) << back.error().field << " " << back.error().reason;
  EXPECT_EQ(*back, listing);

  const Listing bare{.id = "1"};
  EXPECT_EQ(to_json(bare), R"({"id":"1","quantity":1,"state":"active"})");
  EXPECT_EQ(*parser.listing(to_json(bare)), bare);

  const Shop shop{.id = "s",
                  .name = "N",
                  .title = "T",
                  .announcement = "A",
                  .url = "https://u",
                  .country = "SE",
                  .currency = "SEK",
                  .location = GeoPoint{1, 2},
                  .created_ms = 5,
                  .favourites_count = 6,
                  .sales_count = 7,
                  .rating = 4.5,
                  .rating_count = 8,
                  .on_vacation = true};
  EXPECT_EQ(*parser.shop(to_json(shop)), shop);
  const TaxonomyNode node{.id = "2", .parent_id = "1", .name = "Kitchen"};
  EXPECT_EQ(*parser.taxonomy_node(to_json(node)), node);
  const Review review{.id = "r",
                      .listing_id = "l",
                      .shop_id = "s",
                      .user_id = "u",
                      .rating = 5,
                      .text = "Lovely",
                      .language = "en",
                      .created_ms = 9};
  EXPECT_EQ(*parser.review(to_json(review)), review);
}

TEST(ListingJson, ControlCharactersAreEscaped) {
  std::string out;
  append_json(out, Listing{.id = "1", .title = std::string("a\x01\x00z", 4)});
  EXPECT_TRUE(out.contains("\"title\":\"a\\u0001\\u0000z\"")) << out;
}

TEST(ListingJson, PricesAreWrittenInUnits) {
  const std::pair<std::int64_t, std::string_view> cases[] = {
      {0, "0"}, {5, "0.05"}, {10, "0.1"}, {1250, "12.5"}, {1200, "12"}, {99999999999999, "999999999999.99"}};
  for (const auto& [cents, expected] : cases) {
    const Listing listing{.id = "1", .price_cents = cents};
    EXPECT_TRUE(to_json(listing).contains(fmt::format("\"price\":{},", expected))) << to_json(listing);
    EXPECT_EQ(CatalogParser().listing(to_json(listing))->price_cents, cents);
  }
}

TEST(ListingJson, EveryFieldThatIsWrongIsNamed) {
  struct Case {
    std::string json;
    std::string_view field;
    std::string_view reason;
  };
  const std::string long_id(kIdBytesMax + 1, 'x');
  std::string deep = R"({"id":"1","a":)";
  for (int i = 0; i < 200; ++i) deep += '[';
  for (int i = 0; i < 200; ++i) deep += ']';
  deep += '}';
  const Case cases[] = {
      {"", "", "is empty"},
      {"   ", "", "is empty"},
      {"[1]", "", "expected an object, found an array"},
      {"{", "", "is not JSON"},
      {R"({"id":"1"} x)", "", "is not JSON"},
      {"{\"id\":\"\xff\"}", "", "is not JSON"},
      {std::string("{\"id\":\"1\0\"}", 11), "", "is not JSON"},
      {R"({"id":"1","price":1e999})", "", "is not JSON"},
      {deep, "", "is nested more than 64 levels deep"},
      {"{}", "id", "is missing"},
      {R"({"id":null})", "id", "is missing"},
      {R"({"id":"  "})", "id", "is missing"},
      {R"({"id":true})", "id", "expected a string, found a truth value"},
      {R"({"id":1.5})", "id", "expected a string, found a number"},
      {fmt::format(R"({{"id":"{}"}})", long_id), "id", "has 129 bytes; at most 128 are allowed"},
      {R"({"id":"a\u0000b"})", "id", "has control characters"},
      {R"({"id":"1","title":5})", "title", "expected a string, found a number"},
      {R"({"id":"1","tags":"a,b"})", "tags", "expected an array of strings, found a string"},
      {R"({"id":"1","tags":["a",{}]})", "tags", "expected an array of strings, found an object"},
      {R"({"id":"1","attributes":[]})", "attributes", "expected an object of names and values, found an array"},
      {R"({"id":"1","attributes":{"a":{"b":1}}})", "attributes", "expected text or an array of texts in it"},
      {R"({"id":"1","images":[5]})", "images", "expected addresses, or objects with url and alt_text"},
      {R"({"id":"1","price":"12.50"})", "price", "expected a number, found a string"},
      {R"({"id":"1","price":-1})", "price", "is -1; it may not be negative"},
      {R"({"id":"1","price":1e300})", "price", "it is too large"},
      {R"({"id":"1","currency":"euro"})", "currency", "is not a code of three letters"},
      {R"({"id":"1","quantity":1.5})", "quantity", "is 1.5, not a whole number"},
      {R"({"id":"1","quantity":-1})", "quantity", "is -1; it may not be negative"},
      {R"({"id":"1","quantity":18446744073709551615})", "quantity", "not a whole number"},
      {R"({"id":"1","state":"gone"})", "state", "is 'gone'; expected active, inactive, sold_out, draft or expired"},
      {R"({"id":"1","rating":5.1})", "rating", "is 5.1; expected 0 to 5"},
      {R"({"id":"1","rating_count":-3})", "rating_count", "may not be negative"},
      {R"({"id":"1","personalizable":"yes"})", "personalizable", "expected true or false, found a string"},
      {R"({"id":"1","location":{"lat":1}})", "location", R"(expected {"lat": number, "lon": number})"},
      {R"({"id":"1","location":{"lat":91,"lon":0}})", "location.lat", "is not between -90 and 90"},
      {R"({"id":"1","location":{"lat":0,"lon":-181}})", "location.lon", "is not between -180 and 180"},
      {R"({"id":"1","created_ms":-5})", "created_ms", "may not be negative"},
      {R"({"id":"1","created_ms":1733790364625000})", "created_ms", "at most"},
  };
  CatalogParser parser;
  for (const Case& c : cases) {
    const RowResult<Listing> listing = parser.listing(c.json);
    ASSERT_FALSE(listing.has_value()) << c.json;
    EXPECT_EQ(listing.error().field, c.field) << c.json;
    EXPECT_TRUE(listing.error().reason.contains(c.reason)) << c.json << ": " << listing.error().reason;
  }
  EXPECT_TRUE(parser.listing(R"({"id":"1"})").has_value()) << "a parser is as good as new after an error";
}

TEST(ListingJson, IsLenientWhereItDoesNoHarm) {
  struct Case {
    std::string_view json;
    Listing expected;
  };
  const Case cases[] = {
      {R"({"id":42})", {.id = "42"}},
      {R"({"id":18446744073709551615})", {.id = "18446744073709551615"}},
      {R"({"id":" 1 ","unknown":{"deep":[1]},"title":null})", {.id = "1"}},
      {R"({"id":"1","title":"first","title":"second","tags":["a"],"tags":["b"]})",
       {.id = "1", .title = "second", .tags = {"b"}}},
      {R"({"id":"1","images":["https://x/1.jpg",{"url":""}]})", {.id = "1", .images = {{"https://x/1.jpg", ""}}}},
      {R"({"id":"1","attributes":{"depth_cm":12,"size":["S","M"],"none":""}})",
       {.id = "1", .attributes = {{"depth_cm", "12"}, {"size", "S"}, {"size", "M"}}}},
      {R"({"id":"1","price":12.345,"currency":"eur","language":"en-GB","ships_from":"de"})",
       {.id = "1", .language = "en", .price_cents = 1235, .currency = "EUR", .ships_from = "DE"}},
      {R"({"id":"1","quantity":2.0})", {.id = "1", .quantity = 2}},
  };
  CatalogParser parser;
  for (const Case& c : cases) {
    const RowResult<Listing> listing = parser.listing(c.json);
    ASSERT_TRUE(listing.has_value()) << c.json << ": " << listing.error().field << " " << listing.error().reason;
    EXPECT_EQ(*listing, c.expected) << c.json;
  }
}

TEST(ListingJson, LongTextAndListsAreCut) {
  Listing listing{.id = "1",
                  .title = std::string(kTitleBytesMax - 1, 'x') + "é",
                  .description = std::string(kDescriptionBytesMax + 5, 'y'),
                  .url = "https://x/" + std::string(3000, 'u')};
  for (int i = 0; i < 200; ++i) {
    listing.tags.push_back(fmt::format("tag {}", i));
    listing.images.push_back({fmt::format("https://x/{}.jpg", i), ""});
    listing.attributes.push_back({"a", fmt::format("{}", i)});
  }
  const RowResult<Listing> read = CatalogParser().listing(to_json(listing));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->title, std::string(kTitleBytesMax - 1, 'x'));
  EXPECT_EQ(read->description.size(), kDescriptionBytesMax);
  EXPECT_EQ(read->url, "") << "half an address is none";
  EXPECT_EQ(read->tags.size(), kKeywordsMax);
  EXPECT_EQ(read->images.size(), kImagesMax);
  EXPECT_EQ(read->attributes.size(), kKeywordsMax);
}

TEST(ListingJson, APatchKnowsThreeKeysAndNoOthers) {
  CatalogParser parser;
  const RowResult<ListingPatch> patch = parser.patch(R"({"price":9.99,"quantity":0,"state":"inactive"})");
  ASSERT_TRUE(patch.has_value());
  EXPECT_EQ(patch->price_cents, 999);
  EXPECT_EQ(patch->quantity, 0);
  EXPECT_EQ(patch->state, ListingState::kInactive);
  EXPECT_FALSE(parser.patch("{}")->price_cents.has_value());

  const RowResult<ListingPatch> title = parser.patch(R"({"title":"x"})");
  ASSERT_FALSE(title.has_value());
  EXPECT_EQ(title.error().field, "title");
  EXPECT_FALSE(parser.patch(R"({"quantity":-1})").has_value());
}

TEST(ListingJson, ReviewsAndNodesHaveRulesToo) {
  CatalogParser parser;
  EXPECT_EQ(parser.review(R"({"id":"1","listing_id":"2","rating":6})").error().field, "rating");
  EXPECT_EQ(parser.review(R"({"id":"1","listing_id":"2","rating":99999999999})").error().field, "rating");
  EXPECT_EQ(parser.review(R"({"id":"1","rating":5})").error().field, "listing_id");
  EXPECT_EQ(parser.taxonomy_node(R"({"id":"1"})").error().field, "name");
  EXPECT_EQ(parser.taxonomy_node(R"({"id":"1","parent_id":"1","name":"x"})").error().field, "parent_id");
  EXPECT_EQ(parser.shop(R"({"name":"x"})").error().field, "id");
}

}  // namespace
}  // namespace handsel::catalog

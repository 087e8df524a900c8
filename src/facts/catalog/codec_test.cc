#include "facts/catalog/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel::catalog {
namespace {

using testing::HasSubstr;

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char byte : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return hex;
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

// Every member of every struct holds something that is not its default.
const Listing kListing{.id = "L1",
                       .shop_id = "S1",
                       .shop_name = "Loom & Thread",
                       .title = "Linen apron",
                       .description = "Stone-washed.",
                       .url = "https://example.org/L1",
                       .language = "en",
                       .tags = {"apron", "kitchen"},
                       .materials = {"linen"},
                       .attributes = {{"color", "Ivory"}, {"size", "M"}},
                       .taxonomy_path = {"Home & Living", "Kitchen"},
                       .images = {{"https://example.org/1.jpg", "An apron"}},
                       .price_cents = 4250,
                       .currency = "EUR",
                       .quantity = 3,
                       .state = ListingState::kSoldOut,
                       .rating = 4.5,
                       .rating_count = 12,
                       .favourites_count = 34,
                       .listing_type = "physical",
                       .ships_from = "PT",
                       .personalizable = true,
                       .location = GeoPoint{41.15, -8.61},
                       .created_ms = 1'700'000'000'000,
                       .updated_ms = 1'700'000'000'001};
const Shop kShop{.id = "S1",
                 .name = "Loom & Thread",
                 .title = "Linen things",
                 .announcement = "Closed in August",
                 .url = "https://example.org/S1",
                 .country = "PT",
                 .currency = "EUR",
                 .location = GeoPoint{41.15, -8.61},
                 .created_ms = 1'600'000'000'000,
                 .favourites_count = 5,
                 .sales_count = 6,
                 .rating = 4.75,
                 .rating_count = 7,
                 .on_vacation = true};
const TaxonomyNode kNode{.id = "T2", .parent_id = "T1", .name = "Kitchen"};
const Review kReview{.id = "R1",
                     .listing_id = "L1",
                     .shop_id = "S1",
                     .user_id = "U1",
                     .rating = 5,
                     .text = "Lovely",
                     .language = "en",
                     .created_ms = 1'700'000'000'002};
const User kUser{.id = "U1", .country = "DE", .language = "de", .created_ms = 1'500'000'000'000};

// These bytes are in the logs of people who run the program: they are read for ever.
TEST(CatalogCodec, ReadsWhatVersionOneWrote) {
  const auto check = [](const auto& thing, const auto& decode, std::string_view hex) {
    const auto payload = encode(thing);
    ASSERT_TRUE(payload) << payload.error().message;
    EXPECT_EQ(to_hex(*payload), hex);
    const auto decoded = decode(from_hex(hex));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(*decoded, thing);
  };
  check(
      kListing, decode_listing,
      "016c0a024c31120253311a0d4c6f6f6d202620546872656164220b4c696e656e206170726f6e2a0d53746f6e652d7761736865642e321668"
      "747470733a2f2f6578616d706c652e6f72672f4c313a02656e42056170726f6e42076b69746368656e4a056c696e656e520e0a05636f6c6f"
      "72120549766f727952090a0473697a6512014d5a0d486f6d652026204c6976696e675a074b69746368656e62250a1968747470733a2f2f65"
      "78616d706c652e6f72672f312e6a70671208416e206170726f6e689a21720345555278038001028901000000000000124090010c980122a2"
      "0108706879736963616caa01025054b00101ba011209333333333393444011b81e85eb513821c0c00180d095ffbc31c80181d095ffbc31");
  check(kShop, decode_shop,
        "01730a025331120d4c6f6f6d2026205468726561641a0c4c696e656e207468696e67732210436c6f73656420696e204175677573742a16"
        "68747470733a2f2f6578616d706c652e6f72672f5331320250543a03455552421209333333333393444011b81e85eb513821c0488080ba"
        "bbc82e5005580661000000000000134068077001");
  check(kNode, decode_taxonomy_node, "01740a025432120254311a074b69746368656e");
  check(kReview, decode_review, "01720a02523112024c311a02533122025531280532064c6f76656c793a02656e4082d095ffbc31");
  check(kUser, decode_user, "01750a025531120244451a0264652080b0def7d32b");
}

TEST(CatalogCodec, NothingIsNotZero) {
  Listing listing{.id = "L"};
  const auto bare = decode_listing(*encode(listing));
  EXPECT_EQ(*bare, listing);
  listing.price_cents = 0;
  listing.rating = 0;
  listing.location = GeoPoint{};
  listing.quantity = 0;
  const auto zero = decode_listing(*encode(listing));
  EXPECT_EQ(*zero, listing);
  EXPECT_NE(*zero, *bare);
}

TEST(CatalogCodec, KeysNameKindAndId) {
  EXPECT_EQ(make_key(Kind::kListing, "a/b"), "l/a/b");
  for (const Kind kind : kKinds) {
    const std::string key = make_key(kind, "some id");
    const auto parts = parse_key(key);
    ASSERT_TRUE(parts) << key;
    EXPECT_EQ(parts->kind, kind);
    EXPECT_EQ(parts->id, "some id");
  }
  for (const char* key : {"", "l", "l/", "x/1", "l1", "L/1", "/l/1"}) EXPECT_FALSE(parse_key(key)) << key;
}

TEST(CatalogCodec, RecordsAreReadyToAppend) {
  const auto record = to_record(kListing);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->key, "l/L1");
  EXPECT_EQ(record->payload, *encode(kListing));
  EXPECT_EQ(record->idempotency_key, "");
  EXPECT_EQ(to_record(kShop)->key, "s/S1");
  EXPECT_EQ(to_record(kNode)->key, "t/T2");
  EXPECT_EQ(to_record(kReview)->key, "r/R1");
  EXPECT_EQ(to_record(kUser)->key, "u/U1");
  EXPECT_EQ(tombstone(Kind::kListing, "L1").key, "l/L1");
  EXPECT_EQ(tombstone(Kind::kListing, "L1").payload, "");
}

TEST(CatalogCodec, RefusesWhatIsOverTheLimits) {
  struct Row {
    std::function<void(Listing&)> spoil;
    Code code;
    std::string words;
  };
  const Row rows[] = {
      {[](Listing& l) { l.id.clear(); }, Code::kInvalidArgument, "listing: id is missing"},
      {[](Listing& l) { l.id.assign(129, 'i'); }, Code::kTooLarge, "id has 129 bytes; at most 128"},
      {[](Listing& l) { l.shop_id.assign(129, 'i'); }, Code::kTooLarge, "shop_id has 129 bytes"},
      {[](Listing& l) { l.title.assign(1001, 't'); }, Code::kTooLarge, "title has 1001 bytes"},
      {[](Listing& l) { l.description.assign(65537, 'd'); }, Code::kTooLarge, "description has 65537 bytes"},
      {[](Listing& l) { l.url.assign(5000, 'u'); }, Code::kTooLarge, "url has 5000 bytes"},
      {[](Listing& l) { l.tags.assign(101, "t"); }, Code::kTooLarge, "tags has 101 entries; at most 100"},
      {[](Listing& l) { l.materials.assign(1, std::string(257, 'm')); }, Code::kTooLarge, "materials has 257 bytes"},
      {[](Listing& l) { l.attributes.assign(101, {"n", "v"}); }, Code::kTooLarge, "attributes has 101 entries"},
      {[](Listing& l) { l.taxonomy_path.assign(101, "t"); }, Code::kTooLarge, "taxonomy_path has 101 entries"},
      {[](Listing& l) { l.images.assign(51, {"u", ""}); }, Code::kTooLarge, "images has 51 entries"},
      {[](Listing& l) { l.currency.assign(65, 'E'); }, Code::kTooLarge, "currency has 65 bytes"},
  };
  for (const Row& row : rows) {
    Listing listing = kListing;
    row.spoil(listing);
    const auto payload = encode(listing);
    ASSERT_FALSE(payload) << row.words;
    EXPECT_EQ(payload.error().code, row.code);
    EXPECT_THAT(payload.error().message, HasSubstr(row.words));
  }
  EXPECT_FALSE(encode(Shop{.id = "s", .announcement = std::string(65537, 'a')}));
  EXPECT_FALSE(encode(TaxonomyNode{.name = "no id"}));
  EXPECT_FALSE(encode(Review{.id = "r", .user_id = std::string(129, 'u')}));
  EXPECT_FALSE(encode(User{.id = "u", .language = std::string(65, 'l')}));
}

TEST(CatalogCodec, TheLargestListingFitsIntoTheLog) {
  Listing listing{.id = std::string(kIdBytesMax, 'i'),
                  .title = std::string(kTitleBytesMax, 't'),
                  .description = std::string(kDescriptionBytesMax, 'd')};
  const std::string word(kKeywordBytesMax, 'w');
  listing.tags.assign(kKeywordsMax, word);
  listing.materials = listing.taxonomy_path = listing.tags;
  listing.attributes.assign(kKeywordsMax, {word, word});
  listing.images.assign(kImagesMax, {std::string(4096, 'u'), std::string(kTitleBytesMax, 'a')});
  const auto payload = encode(listing);
  ASSERT_TRUE(payload) << payload.error().message;
  EXPECT_LT(payload->size() + kIdBytesMax + 2, log::kRecordBytesMax);
  EXPECT_EQ(*decode_listing(*payload), listing);
}

TEST(CatalogCodec, DecodingSaysWhatIsWrong) {
  const std::string good = *encode(kListing);
  const auto with = [&](std::size_t at, char byte) {
    std::string payload = good;
    payload[at] = byte;
    return payload;
  };
  // A field 1 of 200 bytes: longer than an id may be.
  const std::string long_id = std::string("\x01l\x0a\xc8\x01", 5) + std::string(200, 'i');
  struct Row {
    std::string payload;
    Code code;
    std::string words;
  };
  const Row rows[] = {
      {"", Code::kCorrupt, "the stored listing is cut short"},
      {"\x01", Code::kCorrupt, "the stored listing is cut short"},
      {with(0, 2), Code::kUnsupported, "the stored listing has version 2; this program knows 1"},
      {with(1, 's'), Code::kCorrupt, "the stored record is not a listing"},
      {good.substr(0, good.size() - 1), Code::kCorrupt, "the stored listing does not parse"},
      {"\x01l", Code::kCorrupt, "stored listing: id is missing"},
      {long_id, Code::kCorrupt, "stored listing: id has 200 bytes"},
  };
  for (const Row& row : rows) {
    const auto listing = decode_listing(row.payload);
    ASSERT_FALSE(listing) << row.words;
    EXPECT_EQ(listing.error().code, row.code);
    EXPECT_EQ(listing.error().message.substr(0, row.words.size()), row.words);
  }
}

TEST(CatalogCodec, PassesOverWhatANewerProgramAdded) {
  // Field 16 (state) as 99, and an unknown field 200 of three bytes.
  const std::string payload = *encode(kListing) + std::string("\x80\x01\x63\xc2\x0c\x03new", 9);
  const auto listing = decode_listing(payload);
  ASSERT_TRUE(listing) << listing.error().message;
  Listing expected = kListing;
  expected.state = ListingState::kInactive;  // not shown
  EXPECT_EQ(*listing, expected);
}

}  // namespace
}  // namespace handsel::catalog

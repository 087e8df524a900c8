#include "facts/catalog/import/import.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "facts/catalog/import/listing_json.h"

namespace handsel::catalog {
namespace {

// What an import handed out: "line:id" and "line:field".
struct Outcome {
  std::vector<std::string> rows;
  std::vector<std::string> refused;
  std::vector<Listing> listings;
  std::vector<RefusedRow> refusals;
  ImportSummary summary;
};

RefusalSink keep_refusals(Outcome& outcome) {
  return [&outcome](const RefusedRow& row) -> Result<void> {
    outcome.refused.push_back(fmt::format("{}:{}", row.line, row.field));
    outcome.refusals.push_back(row);
    return {};
  };
}

template <typename T>
RowSink<T> keep_rows(Outcome& outcome) {
  return [&outcome](std::span<Row<T>> rows) -> Result<void> {
    for (Row<T>& row : rows) {
      outcome.rows.push_back(fmt::format("{}:{}", row.line, row.value.id));
      if constexpr (std::is_same_v<T, Listing>) outcome.listings.push_back(std::move(row.value));
    }
    return {};
  };
}

Outcome import_text(std::string_view text, ImportOptions options = {}, std::size_t buffer_bytes = 64) {
  Outcome outcome;
  const std::unique_ptr<ByteSource> source = memory_source("file", text, buffer_bytes);
  outcome.summary = import_listings(*source, options, keep_rows<Listing>(outcome), keep_refusals(outcome));
  EXPECT_EQ(outcome.summary.refused, outcome.refused.size());
  EXPECT_EQ(outcome.summary.accepted, outcome.rows.size());
  return outcome;
}

using Strings = std::vector<std::string>;

TEST(Import, RecognisesWhatItIsGiven) {
  struct Case {
    std::string_view text;
    std::string_view format;
    Strings rows;
  };
  const Case cases[] = {
      {"", "handsel", {}},
      {"{\"id\":\"a\"}\n{\"id\":\"b\"}\n", "handsel", {"1:a", "2:b"}},
      {"[{\"id\":\"a\"},\n{\"id\":\"b\"}]", "handsel", {"1:a", "2:b"}},
      {"{\n  \"id\": \"a\",\n  \"shop_id\": \"s\"\n}", "handsel", {"1:a"}},
      {"{\"listing_id\":1,\"title\":\"x\"}\n{\"listing_id\":2}\n", "etsy", {"1:1", "2:2"}},
      {"{\"count\":2,\"results\":[{\"listing_id\":1},{\"listing_id\":2}]}", "etsy", {"1:1", "1:2"}},
      {"id\ttitle\tlink\tprice\n1\tMug\thttps://x\t12.50 USD\n", "google-tsv", {"2:1"}},
      {"\"id\",\"title\",\"link\"\n1,\"Mug, blue\",https://x\n", "google-tsv", {"2:1"}},
      {"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<rss><channel>\n<item><id>1</id></item></channel></rss>",
       "google-xml",
       {"3:1"}},
  };
  for (const Case& c : cases) {
    const Outcome outcome = import_text(c.text);
    EXPECT_FALSE(outcome.summary.error.has_value()) << c.text;
    EXPECT_EQ(outcome.summary.format, c.format) << c.text;
    EXPECT_FALSE(outcome.summary.format_was_given);
    EXPECT_EQ(outcome.rows, c.rows) << c.text;
  }
}

TEST(Import, SaysWhatItCannotRead) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"name,price\nMug,3\n", "cannot tell what file is; say --format"},
      {std::string_view("\xff\xfei\0d\0", 6), "file is UTF-16; convert it first"},
      {"\x1f\x8b\x08 torn", "file is damaged at byte"},
  };
  for (const auto& [text, expected] : cases) {
    const Outcome outcome = import_text(text);
    ASSERT_TRUE(outcome.summary.error.has_value());
    EXPECT_TRUE(outcome.summary.error->message.contains(expected)) << outcome.summary.error->message;
  }
  EXPECT_TRUE(import_text("x", {.format = ImportFormat::kMapped}).summary.error->message.contains("--map"));
}

TEST(Import, FormatNamesAreUnderstood) {
  for (const std::string_view name : {"handsel", "etsy", "google-tsv", "google-xml", "mapped"}) {
    const Result<ImportFormat> format = parse_import_format(name);
    ASSERT_TRUE(format.has_value());
    EXPECT_EQ(format_name(*format), name);
  }
  EXPECT_EQ(*parse_import_format("auto"), ImportFormat::kRecognise);
  EXPECT_EQ(parse_import_format("xls").error().code, Code::kInvalidArgument);
}

TEST(Import, NeverStopsAtABadRow) {
  const Outcome outcome = import_text(
      "{\"id\":\"a\"}\n"
      "{\"id\":\"b\",\"price\":-1}\n"
      "not json\n"
      "{\"id\":\"c\n"
      "\n"
      "{\"id\":\"d\"}\n");
  EXPECT_EQ(outcome.rows, (Strings{"1:a", "6:d"}));
  EXPECT_EQ(outcome.refused, (Strings{"2:price", "3:", "4:"}));
  EXPECT_EQ(outcome.refusals[0].reason, "is -1; it may not be negative");
  EXPECT_EQ(outcome.refusals[0].text, "{\"id\":\"b\",\"price\":-1}");
}

TEST(Import, ExcerptsOfRefusedRowsAreShortUtf8) {
  const Outcome outcome = import_text("{\"id\":\"\xff\"}\n{\"id\":" + std::string(5000, '[') + "\n");
  ASSERT_EQ(outcome.refusals.size(), 2u);
  EXPECT_EQ(outcome.refusals[0].text, "{\"id\":\"?\"}");
  EXPECT_EQ(outcome.refusals[1].text.size(), kRowExcerptBytes);
}

TEST(Import, MerchantFeedsBecomeListings) {
  const std::string_view tsv =
      "id\ttitle\tdescription\tlink\timage_link\tadditional_image_link\tavailability\tprice\tproduct_"
      "type\tbrand\tcolor\t"
      "material\tgtin\n"
      "m1\tMug\tBlue\thttps://x/m1\thttps://x/a,b.jpg\thttps://x/2.jpg,https://x/3.jpg\tin stock\t12.50 USD\t"
      "Home > Kitchen\tPotter\tBlue/White\tclay/glaze\t123\n"
      "m2\tCup\t\t\t\t\tOUT_OF_STOCK\t5 EUR\t\t\t\t\t\n"
      "m3\tBad\t\t\t\t\tin stock\tfree\t\t\t\t\t\n";
  const Outcome table = import_text(tsv);
  const Listing mug{.id = "m1",
                    .shop_name = "Potter",
                    .title = "Mug",
                    .description = "Blue",
                    .url = "https://x/m1",
                    .materials = {"clay", "glaze"},
                    .attributes = {{"brand", "Potter"}, {"color", "Blue"}, {"color", "White"}, {"gtin", "123"}},
                    .taxonomy_path = {"Home", "Kitchen"},
                    .images = {{"https://x/a,b.jpg", ""}, {"https://x/2.jpg", ""}, {"https://x/3.jpg", ""}},
                    .price_cents = 1250,
                    .currency = "USD"};
  ASSERT_EQ(table.listings.size(), 2u);
  EXPECT_EQ(table.listings[0], mug);
  EXPECT_EQ(table.listings[1].state, ListingState::kSoldOut);
  EXPECT_EQ(table.refused, Strings{"4:price"});
  EXPECT_TRUE(table.summary.notes.empty()) << "the columns of a feed are optional";

  const Outcome xml = import_text(
      "<rss xmlns:g=\"http://base.google.com/ns/1.0\"><channel><item><g:id>m1</g:id><title>Mug</title>"
      "<description>Blue</description><link>https://x/m1</link><g:image_link>https://x/a,b.jpg</g:image_link>"
      "<g:additional_image_link>https://x/2.jpg</g:additional_image_link>"
      "<g:additional_image_link>https://x/3.jpg</g:additional_image_link><g:availability>in_stock</g:availability>"
      "<g:price>12.50 USD</g:price><g:product_type>Home &gt; Kitchen</g:product_type><g:brand>Potter</g:brand>"
      "<g:color>Blue/White</g:color><g:material>clay/glaze</g:material><g:gtin>123</g:gtin></item></channel></rss>");
  ASSERT_EQ(xml.listings.size(), 1u);
  EXPECT_EQ(xml.listings[0], mug) << "both shapes say the same";
}

Mapping mapping_of(std::string_view toml) {
  Result<Mapping> mapping = parse_mapping(toml, "m.toml");
  EXPECT_TRUE(mapping.has_value()) << mapping.error().message;
  return std::move(*mapping);
}

TEST(Import, TablesThroughAMapping) {
  const Mapping mapping =
      mapping_of("[listing]\nid = \"sku\"\ntitle = \"name\"\nprice = { from = \"cost\", decimal = \",\" }\n");
  const std::string_view csv =
      "sku;name;cost;other\r\n"
      "1;\"Mug;\nblue\";12,50;x\r\n"
      "2;Cup\r\n"
      "3;Bowl;\"1.234,50 EUR\";x;surplus\r\n"
      "4;\xff;1;x\r\n"
      "5;Plate;12.50;x\r\n"
      "6;Jug;1,00;x;;;\r\n";
  for (const std::size_t buffer_bytes : {1, 7, 4096}) {
    const Outcome outcome = import_text(csv, {.mapping = &mapping}, buffer_bytes);
    EXPECT_EQ(outcome.summary.format, "mapped");
    EXPECT_EQ(outcome.rows, (Strings{"2:1", "4:2", "8:6"}));
    EXPECT_EQ(outcome.refused, (Strings{"5:", "6:", "7:price"}));
    EXPECT_EQ(outcome.listings[0].title, "Mug;\nblue");
    EXPECT_EQ(outcome.listings[0].price_cents, 1250);
  }
  const Outcome lacking = import_text("sku;name\n1;x\n", {.mapping = &mapping});
  ASSERT_TRUE(lacking.summary.error.has_value());
  EXPECT_EQ(lacking.summary.error->message,
            "m.toml names the column 'cost', which the table does not have; it has sku, name");
}

TEST(Import, JsonThroughAMapping) {
  const Mapping mapping = mapping_of(
      "[listing]\nid = \"meta.asin\"\ntitle = \"title\"\nimages = \"pictures.url\"\ntags = \"labels\"\n"
      "price = \"offers.0.price\"\ndescription = \"nowhere\"\n[attributes]\nbrand = \"/attrs.brand/name\"\n");
  const Outcome outcome = import_text(
      "{\"meta\":{\"asin\":7},\"title\":\"Mug\",\"pictures\":[{\"url\":\"https://x/1\"},{\"no\":1},{\"url\":\"https://"
      "x/2\"}],"
      "\"labels\":[\"a\",[\"b\"],null,3,{}],\"offers\":[{\"price\":9.5},{\"price\":8}],\"attrs.brand\":{\"name\":\"P\"}"
      "}\n"
      "[1]\n"
      "{\"meta\":5}\n",
      {.mapping = &mapping});
  ASSERT_EQ(outcome.listings.size(), 1u);
  const Listing expected{.id = "7",
                         .title = "Mug",
                         .tags = {"a", "b", "3"},
                         .attributes = {{"brand", "P"}},
                         .images = {{"https://x/1", ""}, {"https://x/2", ""}},
                         .price_cents = 950};
  EXPECT_EQ(outcome.listings[0], expected);
  EXPECT_EQ(outcome.refused, (Strings{"2:", "3:id"}));
  EXPECT_EQ(outcome.summary.notes, Strings{"no row has a value at 'nowhere', which m.toml names"});
}

TEST(Import, WhatWasReadBeforeATornEndCounts) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += fmt::format("{{\"id\":\"{}\",\"title\":\"{}\"}}\n", i, i * 7919);
  std::string stored(text.size(), '\0');
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(stored.data());
  stream.avail_out = static_cast<uInt>(stored.size());
  deflate(&stream, Z_FINISH);
  stored.resize(stream.total_out);
  deflateEnd(&stream);

  EXPECT_EQ(import_text(stored, {}, 1000).rows.size(), 5000u);
  const Outcome torn = import_text(std::string_view(stored).substr(0, stored.size() / 2), {}, 1000);
  ASSERT_TRUE(torn.summary.error.has_value());
  EXPECT_TRUE(torn.summary.error->message.contains("ends in the middle of a gzip member"));
  EXPECT_GT(torn.rows.size(), 1000u);
  EXPECT_LT(torn.rows.size(), 5000u);
  EXPECT_EQ(torn.summary.accepted, torn.rows.size());
  EXPECT_TRUE(torn.refused.empty()) << "half a row is nobody's mistake";
}

TEST(Import, ASinkThatFailsEndsIt) {
  const std::unique_ptr<ByteSource> source = memory_source("file", "{\"id\":\"a\"}\nbad\n");
  const RefusalSink full_disk = [](const RefusedRow&) -> Result<void> { return fail(Code::kIo, "disk full"); };
  std::size_t rows = 0;
  const ImportSummary summary = import_listings(
      *source, {},
      [&](std::span<Row<Listing>> batch) -> Result<void> {
        rows += batch.size();
        return {};
      },
      full_disk);
  EXPECT_EQ(summary.error->message, "disk full");
  EXPECT_EQ(rows, 1u) << "what came before is handed on";
}

TEST(Import, BatchesHaveALimit) {
  std::string text;
  for (std::size_t i = 0; i < kImportBatchRows * 2 + 1; ++i) text += fmt::format("{{\"id\":\"{}\"}}\n", i);
  const std::unique_ptr<ByteSource> source = memory_source("file", text);
  std::vector<std::size_t> sizes;
  import_listings(
      *source, {},
      [&](std::span<Row<Listing>> rows) -> Result<void> {
        sizes.push_back(rows.size());
        return {};
      },
      [](const RefusedRow&) -> Result<void> { return {}; });
  EXPECT_EQ(sizes, (std::vector<std::size_t>{kImportBatchRows, kImportBatchRows, 1}));
}

TEST(Import, ShopsTaxonomyAndReviews) {
  Outcome outcome;
  const auto run = [&](auto import_it, auto rows, std::string_view text, ImportOptions options = {}) {
    const std::unique_ptr<ByteSource> source = memory_source("file", text);
    return import_it(*source, options, rows, keep_refusals(outcome));
  };
  EXPECT_EQ(run(import_shops, keep_rows<Shop>(outcome), "{\"shop_id\":1,\"shop_name\":\"x\"}").format, "etsy");
  EXPECT_EQ(run(import_shops, keep_rows<Shop>(outcome), "{\"id\":\"2\"}").format, "handsel");
  EXPECT_EQ(run(import_taxonomy, keep_rows<TaxonomyNode>(outcome),
                "[{\"id\":3,\"name\":\"a\",\"full_path_taxonomy_ids\":[3],\"children\":[{\"id\":4,\"name\":\"b\"}]}]")
                .format,
            "etsy");
  EXPECT_EQ(run(import_taxonomy, keep_rows<TaxonomyNode>(outcome), "{\"id\":\"5\",\"name\":\"c\"}").format, "handsel");
  EXPECT_EQ(run(import_reviews, keep_rows<Review>(outcome), "{\"id\":\"6\",\"listing_id\":\"l\",\"rating\":1}").format,
            "handsel");
  EXPECT_EQ(
      run(import_reviews, keep_rows<Review>(outcome), "{\"listing_id\":1,\"transaction_id\":7,\"rating\":1}").format,
      "etsy");
  EXPECT_EQ(outcome.rows, (Strings{"1:1", "1:2", "1:3", "1:4", "1:5", "1:6", "1:7"}));
  EXPECT_TRUE(
      run(import_shops, keep_rows<Shop>(outcome), "x", {.format = ImportFormat::kMerchantXml}).error.has_value());
}

// The real catalogues, where they are at hand.
struct RealCatalogue {
  std::string file;
  std::string mapping;
  std::uint64_t rows;
};

class RealCatalogues : public testing::TestWithParam<RealCatalogue> {};

TEST_P(RealCatalogues, AreTakenWhole) {
  const std::string root = HANDSEL_SOURCE_DIR;
  Result<std::unique_ptr<ByteSource>> source = open_source(root + "/../shared/data/" + GetParam().file);
  if (!source) GTEST_SKIP() << "no data";
  const Result<Mapping> mapping = load_mapping(real_file_system(), root + "/examples/" + GetParam().mapping);
  ASSERT_TRUE(mapping.has_value()) << mapping.error().message;
  Outcome outcome;
  outcome.summary =
      import_listings(**source, {.mapping = &*mapping}, keep_rows<Listing>(outcome), keep_refusals(outcome));
  EXPECT_FALSE(outcome.summary.error.has_value());
  EXPECT_EQ(outcome.summary.accepted, GetParam().rows);
  EXPECT_EQ(outcome.summary.refused, 0u);
  EXPECT_TRUE(outcome.summary.notes.empty());
  CatalogParser parser;
  for (const Listing& listing : outcome.listings) {
    const RowResult<Listing> back = parser.listing(to_json(listing));
    ASSERT_TRUE(back.has_value()) << to_json(listing);
    ASSERT_EQ(*back, listing);
  }
}

INSTANTIATE_TEST_SUITE_P(Import, RealCatalogues,
                         testing::Values(RealCatalogue{"esci-us-sample/products.jsonl.gz", "esci/mapping.toml", 6764},
                                         RealCatalogue{"myntra-catalog/myntra_products_catalog.csv.gz",
                                                       "myntra/mapping.toml", 12491}),
                         [](const auto& info) { return info.index == 0 ? "Esci" : "Myntra"; });

}  // namespace
}  // namespace handsel::catalog

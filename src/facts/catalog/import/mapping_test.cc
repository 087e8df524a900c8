#include "facts/catalog/import/mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel::catalog {
namespace {

TEST(Mapping, MistakesAreNamedWithTheirLine) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"[listing\n", "m.toml, line 1: "},
      {"", "m.toml: [listing] has no id"},
      {"[listing]\né = \"b\"\n", "m.toml, line 2: "},
      {"[listing]\nid = \"\xff\"\n", "m.toml is not UTF-8 text"},
      {"[listing]\n\"prix en €\" = \"b\"\n", "m.toml, line 2: prix en € is no field"},
      {"[listing]\ntitle = \"t\"\n", "m.toml: [listing] has no id"},
      {"[attributes]\nid = \"t\"\n", "m.toml: [listing] has no id"},
      {"colour = 1\n", "m.toml, line 1: colour is not known"},
      {"format = \"xls\"\n", "m.toml, line 1: format must be json, csv or tsv"},
      {"delimiter = \"ab\"\n", "delimiter must be one ASCII character"},
      {"delimiter = \"\\n\"\n", "delimiter must be one ASCII character"},
      {"quotes = 1\n", "quotes must be true or false"},
      {"listing = 5\n", "listing must be a table"},
      {"[listing]\nname = \"x\"\n", "m.toml, line 2: name is no field of a listing; there are id, shop_id,"},
      {"[listing]\nid = 5\n", "m.toml, line 2: id must be a string"},
      {"[listing]\nid = \"\"\n", "names a column without a name"},
      {"[listing]\nid = {}\n", "id needs `from`, or `default` for a constant"},
      {"[listing]\nid = { form = \"x\" }\n", "form is not known; expected from, first"},
      {"[listing]\nid = [{ from = \"x\" }]\n", "id must be a string"},
      {"[listing]\nprice = { from = \"x\", decimal = \";\" }\n", "decimal must be"},
      {"[listing]\nstate = { from = \"x\", values = [1] }\n", "values must be a table"},
      {"[listing]\nstate = { from = \"x\", values = { a = 1 } }\n", "a must be a string"},
  };
  for (const auto& [text, expected] : cases) {
    const Result<Mapping> mapping = parse_mapping(text, "m.toml");
    ASSERT_FALSE(mapping.has_value()) << text;
    EXPECT_EQ(mapping.error().code, Code::kInvalidArgument);
    EXPECT_TRUE(mapping.error().message.contains(expected)) << mapping.error().message;
  }
}

// The listing that a rule makes of the columns a, b and c.
RowResult<Listing> apply(std::string_view rules, std::vector<std::string> a, std::vector<std::string> b = {}) {
  const Result<Mapping> mapping = parse_mapping(fmt::format("[listing]\nid = \"id\"\n{}", rules), "m.toml");
  if (!mapping) return refuse("mapping", "{}", mapping.error().message);
  SourceValues values;
  for (const std::string& source : mapping->sources) {
    values.push_back(source == "id" ? std::vector<std::string>{"1"} : source == "a" ? a : b);
  }
  return listing_from_values(*mapping, values);
}

TEST(Mapping, RulesMakeAListing) {
  struct Case {
    std::string_view rules;
    std::vector<std::string> a;
    std::vector<std::string> b;
    Listing expected;
  };
  const Case cases[] = {
      {"title = \"a\"", {"Mug"}, {}, {.id = "1", .title = "Mug"}},
      {"title = \"a\"", {}, {}, {.id = "1"}},
      {"title = [\"a\", \"b\"]", {"Blue"}, {"mug"}, {.id = "1", .title = "Blue mug"}},
      {"title = { from = [\"a\", \"b\"], join = \", \" }", {"x", "y"}, {"z"}, {.id = "1", .title = "x, y, z"}},
      {"title = { from = [\"a\", \"b\"], first = true }", {}, {"mug"}, {.id = "1", .title = "mug"}},
      {"title = { from = [\"a\", \"b\"], first = true }", {"cup"}, {"mug"}, {.id = "1", .title = "cup"}},
      {"title = { from = \"a\", default = \"Untitled\" }", {}, {}, {.id = "1", .title = "Untitled"}},
      {"tags = { from = \"a\", split = \",\" }", {"blue, mug,,"}, {}, {.id = "1", .tags = {"blue", "mug"}}},
      {"tags = [\"a\", { from = \"b\", split = \";\" }]", {"x"}, {"y;z"}, {.id = "1", .tags = {"x", "y", "z"}}},
      {"taxonomy_path = { from = \"a\", split = \">\" }",
       {"Home & Living > Kitchen"},
       {},
       {.id = "1", .taxonomy_path = {"Home & Living", "Kitchen"}}},
      {"images = \"a\"",
       {"https://x/1", "https://x/2"},
       {},
       {.id = "1", .images = {{"https://x/1", ""}, {"https://x/2", ""}}}},
      {"price = \"a\"\ncurrency = { default = \"EUR\" }",
       {"12.50"},
       {},
       {.id = "1", .price_cents = 1250, .currency = "EUR"}},
      // What the price itself says counts.
      {"price = \"a\"\ncurrency = { default = \"EUR\" }",
       {"12.50 USD"},
       {},
       {.id = "1", .price_cents = 1250, .currency = "USD"}},
      {"price = { from = \"a\", decimal = \",\" }", {"1.234,50"}, {}, {.id = "1", .price_cents = 123450}},
      {"price = { from = \"a\", cents = true }", {"1250"}, {}, {.id = "1", .price_cents = 1250}},
      {"state = { from = \"a\", values = { \"in stock\" = \"active\", no = \"sold_out\" } }",
       {"NO"},
       {},
       {.id = "1", .state = ListingState::kSoldOut}},
      {"tags = { from = \"a\", split = \",\", values = { none = \"\" } }",
       {"none,mug"},
       {},
       {.id = "1", .tags = {"mug"}}},
      {"rating = \"a\"\nrating_count = \"b\"", {"4.5"}, {"197.0"}, {.id = "1", .rating = 4.5, .rating_count = 197}},
      {"latitude = \"a\"\nlongitude = \"b\"", {"52.5"}, {"13.4"}, {.id = "1", .location = GeoPoint{52.5, 13.4}}},
      {"latitude = \"a\"", {"52.5"}, {}, {.id = "1"}},
      {"created = \"a\"", {"2024-12-10T00:26:04.625Z"}, {}, {.id = "1", .created_ms = 1733790364625}},
      {"personalizable = \"a\"", {"Yes"}, {}, {.id = "1", .personalizable = true}},
      {"[attributes]\ncolor = { from = \"a\", split = \"/\" }",
       {"Red/Blue"},
       {},
       {.id = "1", .attributes = {{"color", "Red"}, {"color", "Blue"}}}},
  };
  for (const Case& c : cases) {
    const RowResult<Listing> listing = apply(c.rules, c.a, c.b);
    ASSERT_TRUE(listing.has_value()) << c.rules << ": " << listing.error().field << " " << listing.error().reason;
    EXPECT_EQ(*listing, c.expected) << c.rules;
  }
}

TEST(Mapping, TextsAreNotOnlyAscii) {
  const Result<Mapping> mapping = parse_mapping(
      "[listing]\nid = 'n\u00ba'\ntags = { from = \"cat\u00e9gorie 100 %\", split = '\u00b7' }\n"
      "state = { default = \"oui\", values = { \"\u00e9puis\u00e9\" = 'sold_out' } }\n[attributes]\n\"couleur "
      "\u00e9t\u00e9\" = 'c' # \u00e9\n",
      "m.toml");
  ASSERT_TRUE(mapping.has_value()) << mapping.error().message;
  EXPECT_THAT(mapping->sources, testing::UnorderedElementsAre("c", "nº", "catégorie 100 %"));
  for (const FieldRule& rule : mapping->rules) {
    if (rule.is_attribute) {
      EXPECT_EQ(rule.target, "couleur été");
    }
    if (rule.target == "tags") {
      EXPECT_EQ(rule.split, "·");
    }
    if (rule.target == "state") {
      EXPECT_EQ(rule.translations.at(0).first, "épuisé");
    }
  }
}

TEST(Mapping, ValuesThatDoNotFitRefuseTheRow) {
  struct Case {
    std::string_view rules;
    std::string value;
    std::string_view field;
    std::string_view reason;
  };
  const Case cases[] = {
      {"price = \"a\"", "12,50", "price", "'12,50' is not a price: expected a decimal point"},
      {"quantity = \"a\"", "some", "quantity", "'some' is not a whole number"},
      {"rating = \"a\"", "4.5 stars", "rating", "'4.5 stars' is not a number"},
      {"rating = \"a\"", "9", "rating", "is 9; expected 0 to 5"},
      {"state = \"a\"", "gone", "state", "'gone' is not active, inactive"},
      {"personalizable = \"a\"", "maybe", "personalizable", "'maybe' is not true or false"},
      {"updated = \"a\"", "yesterday", "updated", "'yesterday' is not a time"},
      {"latitude = \"a\"\nlongitude = \"a\"", "181", "location.lat", "is not between"},
  };
  for (const Case& c : cases) {
    const RowResult<Listing> listing = apply(c.rules, {c.value});
    ASSERT_FALSE(listing.has_value()) << c.rules;
    EXPECT_EQ(listing.error().field, c.field);
    EXPECT_TRUE(listing.error().reason.contains(c.reason)) << listing.error().reason;
  }
}

}  // namespace
}  // namespace handsel::catalog

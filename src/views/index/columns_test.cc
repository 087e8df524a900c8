#include "views/index/columns.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::index {
namespace {

TEST(Dictionary, FindsEveryStringAndNoOther) {
  std::vector<std::string> words;
  for (int i = 0; i < 1000; ++i) words.push_back(fmt::format("w{:05}", i * 2));
  words.insert(words.begin(), "");
  DictionaryBuilder builder;
  for (const std::string& word : words) builder.add(word);
  const std::string bytes = builder.finish();
  const Dictionary dictionary(bytes);
  ASSERT_EQ(dictionary.size(), words.size());
  for (std::uint32_t i = 0; i < words.size(); ++i) {
    EXPECT_EQ(dictionary.at(i), words[i]);
    EXPECT_EQ(dictionary.find(words[i]), i);
    EXPECT_FALSE(dictionary.find(words[i] + "x")) << words[i];
    EXPECT_EQ(dictionary.lower_bound(words[i] + '\1'), i + 1);
  }
  EXPECT_FALSE(Dictionary("").find("a"));
}

std::vector<std::string> entries(const KeywordColumn& column, std::uint32_t doc) {
  std::vector<std::string> values;
  column.visit(doc, [&](std::uint32_t o) { values.emplace_back(written_of(column.dictionary().at(o))); });
  return values;
}

TEST(Columns, KeepWhatAListingSays) {
  catalog::Listing listing{.id = "1", .shop_name = "Clay & Co", .tags = {"Mug", "mug", "Mug"}};
  listing.taxonomy_path = {"Home", "Kitchen"};
  listing.attributes = {{"Color", "Ivory"}};
  listing.price_cents = 1999;
  listing.created_ms = 1'700'000'000'123;
  ColumnsBuilder builder;
  builder.add(1, column_values(listing));
  const std::string bytes = builder.finish(3);
  const Columns columns(bytes, 3);
  using Strings = std::vector<std::string>;
  EXPECT_EQ(entries(*columns.keyword("tag"), 1), (Strings{"Mug", "mug"}));
  EXPECT_EQ(entries(*columns.keyword("tag"), 0), Strings{});
  EXPECT_EQ(entries(*columns.keyword("taxonomy"), 1), (Strings{"Home", "Home > Kitchen"}));
  EXPECT_EQ(entries(*columns.keyword("attr.color"), 1), Strings{"Ivory"});
  EXPECT_EQ(columns.number("price")->at(1), 19.99);
  EXPECT_EQ(columns.number("created")->at(1), 1'700'000'000'123.0);
  EXPECT_TRUE(std::isnan(columns.number("price")->at(0)));
  EXPECT_EQ(columns.number("rating"), nullptr);
}

TEST(Columns, NumbersSurviveEveryCoding) {
  const std::vector<std::vector<double>> cases = {
      {1, 1, 1}, {kNoNumber, kNoNumber}, {0.01, 19.99, kNoNumber, 42949672.94}, {-5, 3}, {1e18, 0.5, 1.0 / 3}, {}};
  for (const auto& values : cases) {
    ColumnsBuilder builder;
    for (std::uint32_t doc = 0; doc < values.size(); ++doc) {
      if (!std::isnan(values[doc])) builder.add(doc, {.keywords = {}, .numbers = {{"x", values[doc]}}});
    }
    const auto documents = static_cast<std::uint32_t>(values.size());
    const std::string bytes = builder.finish(documents);
    const Columns columns(bytes, documents);
    for (std::uint32_t doc = 0; doc < documents; ++doc) {
      const double got = columns.number("x") == nullptr ? kNoNumber : columns.number("x")->at(doc);
      EXPECT_TRUE(got == values[doc] || (std::isnan(got) && std::isnan(values[doc]))) << got << " " << values[doc];
    }
  }
}

TEST(Columns, MergingEqualsBuildingAtOnce) {
  Rng rng(7);
  const auto random_values = [&] {
    ColumnValues values;
    for (std::uint64_t i = rng.below(4); i > 0; --i)
      values.keywords.emplace_back("tag", fmt::format("T{}", rng.below(600)));
    if (rng.chance(0.5)) values.keywords.emplace_back("shop", fmt::format("s{}", rng.below(5)));
    if (rng.chance(0.8)) values.numbers.emplace_back("price", static_cast<double>(rng.below(10'000)) / 100);
    return values;
  };
  ColumnsBuilder together, first, second;
  std::vector<std::uint32_t> kept_first, kept_second;
  std::uint32_t documents = 0;
  for (std::uint32_t doc = 0; doc < 400; ++doc) {
    const ColumnValues values = random_values();
    const bool keep = rng.chance(0.7);
    (doc < 200 ? first : second).add(doc % 200, values);
    if (!keep) continue;
    (doc < 200 ? kept_first : kept_second).push_back(doc % 200);
    together.add(documents++, values);
  }
  const std::string a = first.finish(200), b = second.finish(200), all = together.finish(documents);
  const Columns columns_a(a, 200), columns_b(b, 200);
  const ColumnSource sources[] = {{&columns_a, kept_first}, {&columns_b, kept_second}};
  EXPECT_TRUE(merge_columns(sources) == all);
}

TEST(Columns, DamagedBytesStayInBounds) {
  ColumnsBuilder builder;
  for (std::uint32_t doc = 0; doc < 50; ++doc) {
    builder.add(doc, {.keywords = {{"tag", fmt::format("t{}", doc)}, {"tag", "x"}}, .numbers = {{"price", doc / 7.0}}});
  }
  const std::string bytes = builder.finish(50);
  Rng rng(8);
  for (int round = 0; round < 5000; ++round) {
    std::string damaged = bytes.substr(0, round % 2 == 0 ? rng.below(bytes.size()) : bytes.size());
    for (int i = 0; i < 3 && !damaged.empty(); ++i) damaged[rng.below(damaged.size())] = static_cast<char>(rng());
    const Columns columns(damaged, 50);
    for (std::uint32_t doc = 0; doc < 50; ++doc) {
      for (const auto& [name, column] : columns.keywords()) {
        column.visit(doc, [&](std::uint32_t o) { ASSERT_LT(o, column.dictionary().size()); });
      }
      for (const auto& [name, column] : columns.numbers()) (void)column.at(doc);
    }
  }
}

}  // namespace
}  // namespace handsel::index

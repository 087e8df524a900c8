#include "analysis/models/two_tower_features.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel::models {
namespace {

FeatureMaker maker() {
  return FeatureMaker({.table_bits = 16, .currency = "EUR", .price_edges = {500, 2000}, .countries = {"DE", "US"}});
}

FeatureBag of_text(const std::string& text) {
  FeatureBag bag;
  maker().of_query({.text = text, .language = "en", .country = {}, .session = {}}, bag);
  return bag;
}

std::size_t segment_size(const FeatureBag& bag, QuerySegment segment) {
  const auto number = static_cast<std::size_t>(segment);
  return bag.ends[number] - bag.begin_of(number);
}

std::size_t shared_rows(const FeatureBag& a, const FeatureBag& b) {
  return static_cast<std::size_t>(
      std::ranges::count_if(a.rows, [&](std::uint32_t row) { return std::ranges::binary_search(b.rows, row); }));
}

TEST(TwoTowerFeatures, CountsWordsPairsAndTrigrams) {
  const FeatureBag bag = of_text("blue mug");
  EXPECT_EQ(segment_size(bag, QuerySegment::kWords), 2u);
  EXPECT_EQ(segment_size(bag, QuerySegment::kPairs), 1u);
  // <bl blu lue ue>, <mu mug ug>
  EXPECT_EQ(segment_size(bag, QuerySegment::kTrigrams), 7u);
  EXPECT_EQ(segment_size(bag, QuerySegment::kFacts), 1u);
  EXPECT_TRUE(std::ranges::is_sorted(bag.rows));
}

TEST(TwoTowerFeatures, FoldsAsTheIndexDoes) {
  EXPECT_EQ(of_text("Café MUGS"), of_text("cafe mugs"));
  const FeatureBag plural = of_text("mugs");
  const FeatureBag single = of_text("mug");
  EXPECT_EQ(plural.rows[0], single.rows[0]) << "stems meet";
}

TEST(TwoTowerFeatures, TypingErrorsShareTrigrams) {
  EXPECT_GE(shared_rows(of_text("ceramic"), of_text("cermaic")), 3u);
}

TEST(TwoTowerFeatures, TrigramsAreOfCharacters) {
  // <ча чаш ашк шка ка>
  EXPECT_EQ(segment_size(of_text("чашка"), QuerySegment::kTrigrams), 5u);
}

TEST(TwoTowerFeatures, LongTextHasItsLimits) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "w" + std::to_string(i) + " ";
  EXPECT_EQ(segment_size(of_text(text), QuerySegment::kWords), kQueryWordsMax);
  EXPECT_LE(segment_size(of_text(std::string(10'000, 'a') + "bcdefghijklmnopqrstuvwxyz"), QuerySegment::kTrigrams),
            kTrigramsPerWordMax);
}

TEST(TwoTowerFeatures, RepetitionIsBounded) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "mug ";
  const FeatureBag bag = of_text(text);
  EXPECT_FLOAT_EQ(bag.weights[0] * bag.weights[0], kFeatureCountMax);
}

TEST(TwoTowerFeatures, ListingsHaveTheirFacts) {
  catalog::Listing listing;
  listing.title = "mug";
  listing.price_cents = 1999;
  listing.currency = "EUR";
  const auto facts = [&] {
    FeatureBag bag;
    maker().of_listing(listing, bag);
    return std::vector(bag.rows.begin() + static_cast<std::ptrdiff_t>(bag.begin_of(kListingSegments - 1)),
                       bag.rows.end());
  };
  const auto middle = facts();
  EXPECT_EQ(middle.size(), 1u);
  listing.price_cents = 500;
  EXPECT_EQ(facts(), middle) << "the same quantile";
  listing.price_cents = 2000;
  EXPECT_NE(facts(), middle);
  listing.currency = "USD";
  EXPECT_TRUE(facts().empty()) << "of another currency nothing is known";
  listing.ships_from = "PT";
  listing.language = "pt";
  EXPECT_EQ(facts().size(), 2u);
}

TEST(TwoTowerFeatures, FactsAloneAreNoText) {
  FeatureBag bag;
  maker().of_query({.text = "", .language = "en", .country = "US", .session = {}}, bag);
  EXPECT_FALSE(bag.has_text());
  EXPECT_TRUE(of_text("mug").has_text());
}

TEST(TwoTowerFeatures, OnlyCountriesThatTrainingMetAreTold) {
  const struct {
    std::string_view country;
    std::size_t facts;
  } rows[] = {{"", 1}, {"DE", 2}, {"US", 2}, {"PT", 1}, {"de", 1}};
  for (const auto& row : rows) {
    FeatureBag bag;
    maker().of_query({.text = "mug", .language = "en", .country = row.country, .session = {}}, bag);
    EXPECT_EQ(segment_size(bag, QuerySegment::kFacts), row.facts) << row.country;
  }
}

TEST(TwoTowerFeatures, QueriesAndTitlesMeet) {
  catalog::Listing listing;
  listing.title = "blue mug";
  listing.language = std::string("en");
  FeatureBag bag;
  maker().of_listing(listing, bag);
  const FeatureBag query = of_text("blue mug");
  EXPECT_EQ(shared_rows(query, bag), query.rows.size() - 1) << "all but the language";
}

}  // namespace
}  // namespace handsel::models

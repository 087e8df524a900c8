#include "app/demo/word_ranker.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

namespace handsel::demo {
namespace {

class WordRankerTest : public testing::Test {
 protected:
  ~WordRankerTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Ranker ranker(std::uint64_t seed) {
    auto made = make_word_ranker(market_, folder_.string(), seed);
    HANDSEL_CHECK(made.has_value());
    return std::move(*made);
  }
  static Marketplace market() {
    auto made = Marketplace::create({.seed = 3, .listings = 3'000});
    HANDSEL_CHECK(made.has_value());
    return std::move(*made);
  }

  const Marketplace market_ = market();
  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() /
                                        ("handsel-words-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)));
};

bool says(const catalog::Listing& listing, std::string_view word) {
  std::string text = listing.title + " " + listing.description;
  for (const std::string& material : listing.materials) text += " " + material;
  for (const std::string& tag : listing.tags) text += " " + tag;
  for (const std::string& name : listing.taxonomy_path) text += " " + name;
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text.contains(word);
}

TEST_F(WordRankerTest, PagesHaveTheWords) {
  const Ranker rank = ranker(1);
  const Page page = rank({.text = "linen", .language = "en", .intent = {}});
  ASSERT_FALSE(page.listings.empty());
  EXPECT_LE(page.listings.size(), kPageSize);
  for (const std::uint64_t listing : page.listings) EXPECT_TRUE(says(market_.listing(listing), "linen")) << listing;
  EXPECT_EQ(std::set(page.listings.begin(), page.listings.end()).size(), page.listings.size());
  EXPECT_TRUE(rank({.text = "xyzzyq", .language = "en", .intent = {}}).listings.empty());
  EXPECT_EQ(rank({.text = "", .language = "en", .intent = {}}).listings.size(), kPageSize);  // whatever there is
}

// What is true does not decide: only the text is read.
TEST_F(WordRankerTest, KnowsNothingButTheWords) {
  const Query asked = market_.query(5);
  Query otherwise = asked;
  otherwise.intent = market_.query(6).intent;
  EXPECT_EQ(ranker(1)(asked).listings, ranker(1)(otherwise).listings);
}

TEST_F(WordRankerTest, TheSameSeedGivesTheSamePagesAndPlacesVary) {
  const Query asked = market_.query(0);
  const Ranker one = ranker(1);
  const Ranker same = ranker(1);
  const Ranker other = ranker(2);
  std::set<std::uint64_t> first;
  bool differs = false;
  for (int i = 0; i < 20; ++i) {
    const Page page = one(asked);
    EXPECT_EQ(page.listings, same(asked).listings);
    differs |= page.listings != other(asked).listings;
    ASSERT_FALSE(page.listings.empty());
    first.insert(page.listings.front());
  }
  EXPECT_TRUE(differs);
  EXPECT_GT(first.size(), 1u);
}

}  // namespace
}  // namespace handsel::demo

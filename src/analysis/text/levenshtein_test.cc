#include "analysis/text/levenshtein.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::text {
namespace {

// The definition, as a full table.
std::size_t plain_distance(std::u32string_view a, std::u32string_view b) {
  std::vector table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      std::size_t& cell = table[i][j];
      if (i == 0 || j == 0) {
        cell = i + j;
        continue;
      }
      cell = std::min({table[i - 1][j - 1] + (a[i - 1] != b[j - 1]), table[i - 1][j] + 1, table[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cell = std::min(cell, table[i - 2][j - 2] + 1);
    }
  }
  return table[a.size()][b.size()];
}

std::u32string random_word(Rng& rng, std::size_t length_max) {
  std::u32string word(rng.below(length_max + 1), U' ');
  for (char32_t& c : word) c = U"abc"[rng.below(3)];
  return word;
}

TEST(Levenshtein, KnownDistances) {
  const struct {
    std::u32string a, b;
    std::size_t expected;
  } rows[] = {{U"", U"", 0},           {U"", U"abc", 3},           {U"linen", U"linen", 0}, {U"linen", U"lienn", 1},
              {U"ca", U"abc", 3},      {U"kitten", U"sitting", 3}, {U"кошка", U"кожка", 1}, {U"ab", U"ba", 1},
              {U"apron", U"prona", 2}, {U"abcd", U"badc", 2}};
  for (const auto& row : rows) {
    EXPECT_EQ(edit_distance(row.a, row.b, 3), row.expected);
    EXPECT_EQ(edit_distance(row.b, row.a, 3), row.expected);
    EXPECT_EQ(edit_distance(row.a, row.b, 0), row.expected == 0 ? 0u : 1u) << "cut off at max + 1";
  }
}

TEST(Levenshtein, BandAgreesWithTheTable) {
  Rng rng(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::u32string a = random_word(rng, 10);
    const std::u32string b = random_word(rng, 10);
    const std::size_t distance = plain_distance(a, b);
    for (std::size_t max = 0; max <= 3; ++max) ASSERT_EQ(edit_distance(a, b, max), std::min(distance, max + 1));
  }
}

TEST(Levenshtein, TheBoundIsOne) {
  Rng rng(2);
  std::size_t tight = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::u32string whole = random_word(rng, 10);
    const std::u32string typed = random_word(rng, 10);
    const std::u32string_view prefix = std::u32string_view(whole).substr(0, rng.below(8));
    for (std::size_t max = 0; max <= 2; ++max) {
      const std::size_t bound = edit_distance_bound(prefix, typed, max);
      ASSERT_LE(bound, std::min(plain_distance(whole, typed), max + 1));
      tight += bound == max + 1;
    }
  }
  EXPECT_GT(tight, 20'000u) << "it is of use";
}

TEST(Levenshtein, LikelySlipsAreCheaper) {
  const auto price = [](std::u32string_view meant, std::u32string_view typed) { return slip_price(meant, typed); };
  EXPECT_EQ(price(U"linen", U"linen"), 0);
  EXPECT_LT(price(U"linen", U"lienn"), price(U"linen", U"lixen")) << "swapped";
  EXPECT_LT(price(U"linen", U"linnen"), price(U"linen", U"lixnen")) << "doubled";
  EXPECT_LT(price(U"earring", U"earing"), price(U"earring", U"earrng")) << "undoubled";
  EXPECT_LT(price(U"linen", U"linem"), price(U"linen", U"linex")) << "a neighbouring key";
  EXPECT_LT(price(U"linen", U"lenen"), price(U"linen", U"lsnen")) << "a vowel for a vowel";
  EXPECT_GT(price(U"linen", U"xinen"), price(U"linen", U"lixen")) << "the first letter";
}

TEST(Levenshtein, NoSlipIsCheaperThanTheCheapest) {
  Rng rng(3);
  for (int i = 0; i < 5'000; ++i) {
    const std::u32string a = random_word(rng, 8);
    const std::u32string b = random_word(rng, 8);
    ASSERT_GE(slip_price(a, b), kCheapestSlip * static_cast<double>(plain_distance(a, b)) - 1e-9);
  }
}

}  // namespace
}  // namespace handsel::text

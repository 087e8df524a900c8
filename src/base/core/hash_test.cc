#include "base/core/hash.h"

#include <bit>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace handsel {
namespace {

// Part of file formats: these numbers never change.
TEST(Hash, StaysAsItIs) {
  struct Row {
    std::string_view bytes;
    std::uint64_t seed;
    std::uint64_t hash;
  };
  const Row rows[] = {
      {"", 0, 17280346270528514342u},
      {"a", 0, 255087672952082255u},
      {"handsel", 0, 974305237673551115u},
      {"handsels", 0, 12678714242634662915u},
      {"handsel is a first sale", 0, 6746963518031847803u},
      {"handsel", 7, 10272639279149753225u},
  };
  for (const Row& row : rows) EXPECT_EQ(hash64(row.bytes, row.seed), row.hash) << row.bytes << " " << row.seed;
}

TEST(Hash, TellsNeighboursApart) {
  std::set<std::uint64_t> hashes;
  std::string zeros;
  for (int size = 0; size < 40; ++size) {
    EXPECT_TRUE(hashes.insert(hash64(zeros)).second) << size << " zero bytes";
    zeros.push_back('\0');
  }
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(hashes.insert(hash64("listing" + std::to_string(i))).second) << i;
}

TEST(Hash, OneBitOfInputChangesHalfOfTheOutput) {
  const std::string text = "a listing's identifier";
  std::size_t changed = 0;
  std::size_t trials = 0;
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string other = text;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    changed += static_cast<std::size_t>(std::popcount(hash64(text) ^ hash64(other)));
    ++trials;
  }
  // 176 trials of 64 coins: a standard deviation is 0.3 bits.
  EXPECT_NEAR(static_cast<double>(changed) / static_cast<double>(trials), 32, 1.5);
}

}  // namespace
}  // namespace handsel

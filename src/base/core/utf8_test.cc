#include "base/core/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace handsel {
namespace {

TEST(Utf8, EveryScalarValueComesBack) {
  for (char32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code == 0xD800) code = 0xE000;
    std::string bytes;
    append_utf8(bytes, code);
    const DecodedCharacter character = decode_utf8(bytes);
    ASSERT_EQ(character.code, code);
    ASSERT_EQ(character.size, bytes.size());
    ASSERT_TRUE(character.well_formed);
  }
}

TEST(Utf8, WhatIsNoCharacterIsReplaced) {
  const struct {
    std::string bytes;
    std::string repaired;
    std::size_t characters;
  } rows[] = {
      {"", "", 0},
      {"linen", "linen", 5},
      {"Café 革 🐸", "Café 革 🐸", 8},
      {"\xff", "\uFFFD", 1},
      {"a\x80z", "a\uFFFDz", 3},
      {"\xc0\xaf", "\uFFFD\uFFFD", 2},                      // overlong
      {"\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD", 3},            // a surrogate
      {"\xf4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD", 4},  // past the last character
      {"\xf0\x9f\x90", "\uFFFD", 1},                        // cut off: one maximal subpart
      {"\xe2\x82(", "\uFFFD(", 2},
      // Unicode 15, table 3-8.
      {"\xf1\x80\x80\xe1\x80\xc2"
       "b",
       "\uFFFD\uFFFD\uFFFDb", 4},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(repair_utf8(row.bytes), row.repaired);
    EXPECT_EQ(count_characters(row.bytes), row.characters) << row.repaired;
    EXPECT_EQ(is_valid_utf8(row.bytes), row.bytes == row.repaired) << row.repaired;
    EXPECT_TRUE(is_valid_utf8(row.repaired));
  }
  std::string surrogate;
  append_utf8(surrogate, 0xD800);
  EXPECT_EQ(surrogate, "\uFFFD");
}

TEST(Utf8, CutsBetweenCharacters) {
  const std::string text = "aé革🐸";  // 1, 2, 3 and 4 bytes
  const std::size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (std::size_t max = 0; max < std::size(expected); ++max)
    EXPECT_EQ(utf8_prefix(text, max).size(), expected[max]) << max;
  EXPECT_EQ(utf8_prefix("\x80\x80\x80\x80\x80\x80", 5).size(), 5u);
}

TEST(Utf8, Ascii) {
  EXPECT_TRUE(is_ascii(""));
  EXPECT_TRUE(is_ascii("0123456789abcdef"));
  EXPECT_FALSE(is_ascii("0123456789abcde\x80"));
  EXPECT_FALSE(is_ascii("\xc3\xa9 23456789"));
}

}  // namespace
}  // namespace handsel

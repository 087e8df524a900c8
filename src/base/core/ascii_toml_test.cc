#include "base/core/ascii_toml.h"

#include <gtest/gtest.h>

namespace handsel {
namespace {

TEST(AsciiToml, IsAsciiAndComesBack) {
  const std::string_view texts[] = {"", "id = \"x\"\n", "\"é\" = '100 %'", "%25", "% % %2", "🧶", "\xff\xfe", "%c3%a9"};
  for (const std::string_view text : texts) {
    const std::string ascii = to_ascii_toml(text);
    for (const char c : ascii) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
    EXPECT_EQ(from_ascii_toml(ascii), text);
  }
  EXPECT_EQ(to_ascii_toml("\xef\xbb\xbfid"), "id");
  EXPECT_EQ(from_ascii_toml("100 %"), "100 %");
  EXPECT_EQ(from_ascii_toml("%"), "%");
  EXPECT_EQ(from_ascii_toml("%c3"), "\xc3");
}

}  // namespace
}  // namespace handsel

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

TEST(AsciiToml, ATableWithoutANameIsAnErrorAndNoneOfTheParsersAssertions) {
  struct Row {
    std::string_view toml;
    std::string_view becomes;
    std::size_t line;
  };
  for (const Row& row :
       {Row{"a = 1\n[[%x]]\nb = 2", "a = 1\n[[]", 2}, Row{"[{", "[]", 1}, Row{"\n\n [\n", "\n\n []", 3},
        Row{"[[", "[[]", 1}, Row{"\t[ [x]", "\t[ ]", 1}, Row{"[\r\n", "[]", 1}}) {
    EXPECT_EQ(to_ascii_toml(row.toml), row.becomes) << row.toml;
    EXPECT_EQ(line_of_unnamed_table(to_ascii_toml(row.toml)), row.line) << row.toml;
  }
  for (const std::string_view fine :
       {"", "\n", "[a]\n", "[[ \"b\" ]]", "['c']", "[[-1]]\n", "x = [\n  [1],\n]\n", "a = [{b=1}]"}) {
    EXPECT_EQ(to_ascii_toml(fine), fine);
    EXPECT_EQ(line_of_unnamed_table(fine), 0u) << fine;
  }
}

}  // namespace
}  // namespace handsel

#include "facts/catalog/import/toml_guard.h"

#include <gtest/gtest.h>

namespace handsel::catalog {
namespace {

TEST(TomlGuard, FindsLettersThatAreNotInStringsOrComments) {
  struct Case {
    std::string_view toml;
    std::optional<std::size_t> at;
  };
  const Case cases[] = {
      {"", std::nullopt},
      {"\xef\xbb\xbfid = 1", std::nullopt},
      {"# é\nid = \"é\"\n'é' = 'é'\n", std::nullopt},
      {"a = \"\"\"é\n\"é\"\n\"\"\"\nb = '''\né'''", std::nullopt},
      {"a = \"\\\"é\"", std::nullopt},
      {"a = \"\" # é", std::nullopt},
      {"é = 1", 0},
      {"a = é", 4},
      {"a = \"x\" é", 8},
      {"a = '\\' é", 8},
      {"a = \"open\né", 10},
      {"a = \"\"\"\"\"\" é", 11},
  };
  for (const Case& c : cases) EXPECT_EQ(find_stray_letter(c.toml), c.at) << c.toml;
}

}  // namespace
}  // namespace handsel::catalog

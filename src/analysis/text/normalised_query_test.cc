#include "analysis/text/normalised_query.h"

#include <string>

#include <gtest/gtest.h>

namespace handsel::text {
namespace {

TEST(NormalisedQuery, OneNameForOneQuery) {
  const struct {
    std::string query;
    std::string name;
  } rows[] = {
      {"linen apron", "linen apron"},
      {"  Linen \t APRON\n", "linen apron"},
      {"L\u00ednen\u00a0apron", "linen apron"},
      {"ＬＩＮＥＮ　apron", "linen apron"},
      {"linen aprons", "linen aprons"},
      {"Straße", "strasse"},
      {"手作り　財布", "手作り 財布"},
      {"ŁÓDŹ", "lodz"},
      {"", ""},
      {" \t\r\n", ""},
      {"8\" x 10\"", "8\" x 10\""},
  };
  for (const auto& row : rows) EXPECT_EQ(normalised_query(row.query), row.name);
}

TEST(NormalisedQuery, TheNameOfANameIsThatName) {
  std::string long_japanese;
  for (int i = 0; i < 3'400; ++i) long_japanese += "布";
  std::string words;
  for (int i = 0; i < 2'000; ++i) words += "Apron ";
  std::string invalid(10'000, '\xbf');
  const std::string rows[] = {"Ǆ ß İ ﬁ ½", "ﷺ",     "\xff<apron\xc3",       long_japanese,
                              words,       invalid, std::string("a\0b", 3), "\u0345\u0301 e\u0301"};
  for (const std::string& row : rows) {
    const std::string name = normalised_query(row);
    EXPECT_EQ(normalised_query(name), name);
    EXPECT_LE(name.size(), kNormalisedQueryBytesMax);
    EXPECT_FALSE(name.ends_with(' '));
  }
  EXPECT_EQ(normalised_query(long_japanese).size(), 255u);  // 85 whole characters
}

}  // namespace
}  // namespace handsel::text

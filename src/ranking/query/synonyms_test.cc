#include "ranking/query/synonyms.h"

#include <array>

#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace handsel::query {
namespace {

std::string found(const Synonyms& synonyms, const Synonyms::Phrase& phrase) {
  const auto* alternatives = synonyms.find(phrase);
  if (alternatives == nullptr) return "";
  std::string out;
  for (const auto& other : *alternatives) out += fmt::format("{}{}", out.empty() ? "" : ", ", fmt::join(other, " "));
  return out;
}

TEST(Synonyms, OneRuleALine) {
  const text::Analyzer analyzer("en");
  const auto synonyms = Synonyms::parse(analyzer,
                                        "# furniture\n"
                                        "Sofas, couch , settee\r\n"
                                        "\n"
                                        "ring => band, signet ring\n"
                                        "key chain, keychain\n"
                                        "apron, aprons, pinafore\n"
                                        "couch, sofa, divan");
  ASSERT_TRUE(synonyms.has_value()) << synonyms.error().message;
  EXPECT_EQ(found(*synonyms, {"sofa"}), "couch, sette, divan");
  EXPECT_EQ(found(*synonyms, {"couch"}), "sofa, sette, divan");
  EXPECT_EQ(found(*synonyms, {"ring"}), "band, signet ring");
  EXPECT_EQ(found(*synonyms, {"band"}), "");
  EXPECT_EQ(found(*synonyms, {"key", "chain"}), "keychain");
  EXPECT_EQ(found(*synonyms, {"keychain"}), "key chain");
  EXPECT_EQ(found(*synonyms, {"apron"}), "pinafor");
  EXPECT_EQ(found(*synonyms, {"key"}), "");
  EXPECT_EQ(synonyms->longest(), 2u);
}

TEST(Synonyms, SayWhichLineIsWrong) {
  struct Row {
    std::string_view text;
    std::string_view message;
  };
  constexpr auto kRows = std::to_array<Row>({
      {"a1, b1\nsofa", "synonyms: line 2: one word alone; write 'a, b' or 'a => b'"},
      {"sofa,, couch", "synonyms: line 1: expected a word, found ''"},
      {"sofa => ", "synonyms: line 1: expected a word, found ''"},
      {"=> sofa", "synonyms: line 1: expected a word, found ''"},
      {"sofa => !", "synonyms: line 1: expected a word, found '!'"},
      {"one two three four five, x1", "synonyms: line 1: 'one two three four five' has more than 4 words"},
      {"a1,a2,a3,a4,a5,a6,a7,a8,a9,b1,b2,b3,b4,b5,b6,b7,b8",
       "synonyms: line 1: more than 16 alternatives; split the line"},
      {"x1 => a1,a2,a3,a4,a5,a6,a7,a8,a9,b1\nx1 => c1,c2,c3,c4,c5,c6,c7,c8",
       "synonyms: line 2: 'x1' has more than 16 alternatives"},
  });
  const text::Analyzer analyzer("en");
  for (const Row& row : kRows) {
    const auto synonyms = Synonyms::parse(analyzer, row.text);
    ASSERT_FALSE(synonyms.has_value()) << row.text;
    EXPECT_EQ(synonyms.error().message, row.message);
  }
  EXPECT_EQ(Synonyms::parse(analyzer, std::string(kSynonymFileBytesMax + 1, 'a')).error().code, Code::kTooLarge);
}

}  // namespace
}  // namespace handsel::query

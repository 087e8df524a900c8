#include "analysis/text/model_text.h"

#include <vector>

#include <gtest/gtest.h>

namespace handsel::text {
namespace {

std::string words_of(std::string_view text, const BasicWordRules& rules = {}) {
  std::string words;
  visit_basic_words(text, rules, [&](std::string_view word) {
    if (!words.empty()) words += '|';
    words += word;
    return true;
  });
  return words;
}

TEST(ModelText, CutsWordsAsBertDoes) {
  struct Row {
    std::string_view text;
    std::string_view words;
  };
  const Row rows[] = {
      {"", ""},
      {" \t\n ", ""},
      {"Hand-Made  Mug!", "hand|-|made|mug|!"},
      {"$5+tax~", "$|5|+|tax|~"},
      {"Café ÉCLAIR ñ", "cafe|eclair|n"},
      {"İstanbul ΣΑΣ", "istanbul|σασ"},
      {"你好world", "你|好|world"},
      {"ひらがな カタカナ", "ひらかな|カタカナ"},
      {"a\u200d"
       "b\u00ad"
       "c\ue000d",
       "abcd"},
      {"x\u2028y\u00a0z\u3000w", "x|y|z|w"},
      {"q\x01\x7f"
       "r",
       "qr"},
      {std::string_view("n\0m", 3), "nm"},
      {"“quoted”—dash…", "“|quoted|”|—|dash|…"},
      {"bad\xff\xfe"
       "bytes \xe4\xbd",
       "badbytes"},
      {"🧶yarn", "🧶yarn"},
  };
  for (const Row& row : rows) EXPECT_EQ(words_of(row.text), row.words) << row.text;
}

TEST(ModelText, RulesCanBeSwitchedOff) {
  const BasicWordRules cased{.lower_case = false, .strip_accents = false, .split_ideographs = false};
  EXPECT_EQ(words_of("Café 你好 İ", cased), "Café|你好|İ");
  const BasicWordRules lower{.lower_case = true, .strip_accents = false};
  EXPECT_EQ(words_of("CAFÉ İ", lower), "café|i\u0307");
}

TEST(ModelText, StopsWhenTheVisitorHasEnough) {
  for (const char* text : {"a b c d", "ä b c d", "a,b,c", "ä,b,c"}) {
    int words = 0;
    visit_basic_words(text, {}, [&](std::string_view) { return ++words < 2; });
    EXPECT_EQ(words, 2) << text;
  }
}

TEST(ModelText, PreparesSentencesAsAlbertDoes) {
  EXPECT_EQ(prepare_sentence("``Hand'' Made's", {}), "\"hand\" made's");
  EXPECT_EQ(prepare_sentence("Café ﬁne ½", {}), "cafe fine 1⁄2");
  EXPECT_EQ(prepare_sentence("CAFÉ", {.lower_case = true, .strip_accents = false}), "café");
  EXPECT_EQ(prepare_sentence("Café", {.lower_case = false, .strip_accents = true}), "Cafe");
  EXPECT_EQ(prepare_sentence("Mug", {.lower_case = false}), "Mug");
  EXPECT_EQ(prepare_sentence("", {}), "");
}

}  // namespace
}  // namespace handsel::text

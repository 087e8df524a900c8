#include "analysis/text/highlight.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace handsel::text {
namespace {

TEST(Highlight, MarksMatchesAndEscapesTheRest) {
  const Analyzer analyzer;
  const struct {
    std::string text;
    std::string language;
    std::vector<std::string> terms;
    std::string expected;
  } rows[] = {
      {"Linen Aprons for cooks", "en", {"apron", "linen"}, "<em>Linen</em> <em>Aprons</em> for cooks"},
      {"no match", "en", {"apron"}, "no match"},
      {"", "en", {"apron"}, ""},
      {"<b>apron</b> & \"co\" 'x'",
       "en",
       {"apron"},
       "&lt;b&gt;<em>apron</em>&lt;/b&gt; &amp; &quot;co&quot; &#39;x&#39;"},
      {"Women's CAFÉ apron", "en", {"women", "cafe"}, "<em>Women&#39;s</em> <em>CAFÉ</em> apron"},
      {"8\" x 10\" print", "en", {"8x10"}, "<em>8&quot; x 10</em>&quot; print"},
      {"12oz mug", "en", {"oz"}, "12<em>oz</em> mug"},
      {"1½ yards", "en", {"1/2"}, "1<em>½</em> yards"},
      {"ﷺ", "en", {"الله", "صلى"}, "<em>ﷺ</em>"},  // four words of one character
      {"手作りの革財布", "ja", {"財布"}, "手作りの革<em>財布</em>"},
      {"\xff<apron\xc3", "en", {"apron"}, "\uFFFD&lt;<em>apron</em>\uFFFD"},
      {"Schürzen aus Leinen", "de", {"schurz"}, "<em>Schürzen</em> aus Leinen"},
      {"apron apron", "en", {}, "apron apron"},
  };
  for (const auto& row : rows) EXPECT_EQ(highlight(analyzer, row.text, row.language, row.terms), row.expected);
}

std::string filler(int from, int to) {
  std::string out;
  for (int i = from; i < to; ++i) out += "w" + std::to_string(i) + " ";
  return out;
}

TEST(HighlightPassage, ShowsWhereMostTermsAre) {
  const Analyzer analyzer;
  const struct {
    std::string text;
    std::vector<std::string> terms;
    std::size_t words;
    std::string expected;
  } rows[] = {
      {"A short text about aprons.", {"apron"}, 30, "A short text about <em>aprons</em>."},
      {"a b c d e f", {"z"}, 3, "a b c…"},
      {filler(0, 20) + "linen apron " + filler(20, 40),
       {"apron", "linen"},
       8,
       "…w15 w16 w17 w18 w19 <em>linen</em> <em>apron</em> w20…"},
      // Two distinct terms beat one that comes often and first.
      {"apron apron apron " + filler(0, 30) + "linen apron",
       {"apron", "linen"},
       6,
       "…w26 w27 w28 w29 <em>linen</em> <em>apron</em>"},
      // Of equals the earliest.
      {filler(0, 10) + "apron " + filler(10, 30) + "apron", {"apron"}, 4, "…w7 w8 w9 <em>apron</em>…"},
      {"apron " + filler(0, 30), {"apron"}, 4, "<em>apron</em> w0 w1 w2…"},
      {"line\none\r\n\tapron", {"apron"}, 30, "line one   <em>apron</em>"},
      {"??? !!!", {"apron"}, 30, "??? !!!"},
      {"", {"apron"}, 30, ""},
      {"apron", {"apron"}, 0, "apron"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(highlight_passage(analyzer, row.text, "en", row.terms, row.words), row.expected);
}

TEST(HighlightPassage, StaysShort) {
  const Analyzer analyzer;
  const std::vector<std::string> terms = {"apron"};
  for (const std::string& text :
       {std::string(100'000, 'a'), std::string(100'000, '.') + " apron", "apron " + std::string(100'000, '?'),
        std::string(5'000, 'a') + " apron " + std::string(5'000, 'b')}) {
    EXPECT_LE(highlight_passage(analyzer, text, "en", terms).size(), kPassageBytesMax + 200);
  }
}

}  // namespace
}  // namespace handsel::text

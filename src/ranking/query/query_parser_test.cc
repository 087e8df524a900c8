#include "ranking/query/query_parser.h"

#include <array>

#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace handsel::query {
namespace {

// "linen apron !plastic [hand made]": words, exclusions, phrases; * marks stop words.
std::string shown(const ParsedQuery& query) {
  std::string out;
  for (std::size_t i = 0; i < query.words.size(); ++i) {
    if (!out.empty()) out += ' ';
    for (const auto& phrase : query.phrases) out += phrase.begin == i ? "[" : "";
    out += query.words[i].surface + (query.words[i].stop ? "*" : "") + (query.words[i].quoted ? "'" : "");
    for (const auto& phrase : query.phrases) out += phrase.end == i + 1 ? "]" : "";
  }
  for (const QueryWord& word : query.excluded) out += " !" + word.surface;
  return out;
}

TEST(QueryParser, ReadsWhatIsMeant) {
  struct Row {
    std::string_view text;
    std::string_view shown;
    std::size_t complaints = 0;
  };
  constexpr auto kRows = std::to_array<Row>({
      {"", ""},
      {"   ", ""},
      {"Linen Aprons", "linen aprons"},
      {"gift for the cook", "gift for* the* cook"},
      {"mug -plastic", "mug !plastic"},
      {"-plastic mug", "mug !plastic"},
      {"mug \u2212plastic", "mug !plastic"},
      {"mug - blue", "mug blue"},
      {"t-shirt", "t shirt"},
      {"heat -10 degrees", "heat 10 degrees"},
      {"-plastic", "plastic"},
      {"plastic -plastic", "plastic"},
      {"mug -the", "mug the*"},
      {"mug -t-shirt", "mug t shirt"},
      {"mug --plastic", "mug plastic"},
      {"\"hand made\" mug", "[hand' made'] mug"},
      {"mug \u201chand made\u201d", "mug [hand' made']"},
      {"\"apron\"", "apron'"},
      {"\"hand made mug", "hand made mug", 1},
      {"mug -\"hand made\"", "mug hand made", 1},
      {"5\" x 7\" frame", "5x7 frame"},
      {"paper\"clip\" x", "paper clip x"},
      {"!!!", "", 1},
      {"\xff\xfe", "", 1},
      {"шарф -синий", "шарф !синий"},
      {"mug -a1 -b2 -c3 -d4 -e5 -f6 -g7 -h8 -i9", "mug i9 !a1 !b2 !c3 !d4 !e5 !f6 !g7 !h8", 1},
  });
  const text::Analyzer analyzer("en");
  for (const Row& row : kRows) {
    const ParsedQuery query = parse_query(analyzer, row.text, "");
    EXPECT_EQ(shown(query), row.shown) << row.text;
    EXPECT_EQ(query.complaints.size(), row.complaints) << row.text << ": " << fmt::format("{}", query.complaints);
  }
}

TEST(QueryParser, WordsKnowWhereTheyStand) {
  const text::Analyzer analyzer("en");
  const ParsedQuery query = parse_query(analyzer, "Blue \"hand  made\" -cups Mugs", "");
  ASSERT_EQ(query.words.size(), 4u);
  std::string at;
  for (const QueryWord& word : query.words) at += query.text.substr(word.begin, word.end - word.begin) + "|";
  EXPECT_EQ(at, "Blue|hand|made|Mugs|");
  EXPECT_EQ(query.words[3].term, "mug");
  EXPECT_EQ(query.excluded.front().term, "cup");
}

TEST(QueryParser, LongQueriesAreCut) {
  const text::Analyzer analyzer("en");
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += "été ";
  const ParsedQuery query = parse_query(analyzer, text, "fr");
  EXPECT_LE(query.text.size(), kQueryBytesMax);
  EXPECT_EQ(query.words.size(), kQueryWordsMax);
  EXPECT_EQ(query.complaints.size(), 2u);
  EXPECT_EQ(query.words.back().surface, query.words.front().surface);
}

}  // namespace
}  // namespace handsel::query

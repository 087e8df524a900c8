#include "analysis/text/analyzer.h"

#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/text/fold.h"
#include "base/core/rng.h"
#include "base/core/utf8.h"

namespace handsel::text {
namespace {

const Analyzer& fast() {
  static const Analyzer analyzer;
  return analyzer;
}

const Analyzer& plain() {
  static const Analyzer analyzer("en", Analyzer::Path::kPlain);
  return analyzer;
}

std::vector<Token> tokens(std::string_view text, std::string_view language = "en", const Analyzer& analyzer = fast()) {
  std::vector<Token> out;
  analyzer.analyze(text, language, out);
  return out;
}

std::string surfaces(std::string_view text) {
  std::string out;
  for (const Token& token : tokens(text)) out += (out.empty() ? "" : " | ") + token.surface;
  return out;
}

std::string terms(std::string_view text, std::string_view language) {
  std::string out;
  for (const Token& token : tokens(text, language)) out += (out.empty() ? "" : " ") + token.term;
  return out;
}

struct Row {
  std::string text;
  std::string expected;  // surfaces
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(surfaces(row.text), row.expected) << row.text;
    EXPECT_EQ(tokens(row.text), tokens(row.text, "en", plain())) << row.text;
  }
}

TEST(Analyzer, WordsOfAMarketplace) {
  check({
      {"Handmade Linen Apron", "handmade | linen | apron"},
      {"", ""},
      {" \t\n.,;!? ", ""},
      {"t-shirt u-shaped X-Large", "t | shirt | u | shaped | x | large"},
      {"red/blue wear.Color etsy.com snake_case", "red | blue | wear | color | etsy | com | snake | case"},
      {"women's kids' James's WOMEN\u2019S", "women | kids | james | women"},
      {"don't rock'n'roll o'neill d'oreille dell'arte", "dont | rocknroll | o | neill | d | oreille | dell | arte"},
      {"'quoted' ''x'' it''s", "quoted | x | it | s"},
      {"80's 1970's mp3's", "80s | 1970s | mp3s"},
      {"D&D R&B AT&T salt&pepper a&b&c B & W", "d&d | r&b | at&t | salt | pepper | a&b | c | b | w"},
      {"U.S.A. e.g. J.R.R. Tolkien a.bc", "usa | eg | jrr | tolkien | a | bc"},
      {"#10 C++ 100% $20 @home", "10 | c | 100 | 20 | home"},
  });
}

TEST(Analyzer, NumbersAndMeasures) {
  check({
      {"3.5 0.925 .925 1.2.3 v2.0 3.", "3.5 | 0.925 | 925 | 1.2.3 | v2.0 | 3"},
      {"1,000 12,500.50 1,2,3 1,00 1234,567 1,234,567 3.5,200",
       "1000 | 12500.50 | 1 | 2 | 3 | 1 | 00 | 1234 | 567 | 1234567 | 3.5 | 200"},
      {"1/2 3/4in 24/7 12/05/2024 2023/2024 1/2/3 a/b 3.5/8",
       "1/2 | 3/4 | in | 24/7 | 12 | 05 | 2024 | 2023 | 2024 | 1 | 2 | 3 | a | b | 3.5 | 8"},
      {"½ 1½ 2 ¼ 10² m² №5 ①", "1/2 | 1 | 1/2 | 2 | 1/4 | 10 | 2 | m2 | no5 | 1"},
      {"12oz 12 oz 12-oz 3.5mm 2inches 10pcs", "12 | oz | 12 | oz | 12 | oz | 3.5 | mm | 2 | inches | 10 | pcs"},
      {"14k 80s 3d 9v 4th 2xl 1oz's b2b a4", "14k | 80s | 3d | 9v | 4th | 2xl | 1oz | b2b | a4"},
      {"8x10 8 x 10 8X10 8 × 10 8×10 8\" x 10\" 8x 10 8 x10", "8x10 | 8x10 | 8x10 | 8x10 | 8x10 | 8x10 | 8x10 | 8x10"},
      {"8x10in 8 x 10.5 cm 2 x 4 x 8 1/2 x 3/4", "8x10 | in | 8x10.5 | cm | 2x4x8 | 1/2x3/4"},
      {"5'4\" 5\u20324\u2033 6' 10 x-large x 10 2 x a", "5'4 | 5'4 | 6 | 10 | x | large | x | 10 | 2 | x | a"},
      {"１２ＯＺ ｌｉｎｅｎ ٣ ٣٫٥ १२", "12 | oz | linen | 3 | 3 | 5 | 12"},
  });
}

TEST(Analyzer, LettersThatMeet) {
  check({
      {"Café CAFE\u0301 cafe", "cafe | cafe | cafe"},
      {"Łódź Ærø smørrebrød Œuvre Đà Þór", "lodz | aero | smorrebrod | oeuvre | da | thor"},
      {"Straße STRASSE groß", "strasse | strasse | gross"},
      {"ﬁne ﬂax ㎏ ™ Ⅷ", "fine | flax | kg | tm | viii"},
      {"IŞIK ışık İstanbul", "isik | isik | istanbul"},
      {"Ёлочные игрушки, Чайный ЙОД", "елочные | игрушки | чайный | йод"},
      {"ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ | σισυφοσ"},
      {"شُكْرًا شكرا آب أب كتـــاب مؤمن", "شكرا | شكرا | اب | اب | كتاب | مؤمن"},
      {"שָׁלוֹם שלום", "שלום | שלום"},
      {"हिन्दी किताब", "हिन्दी | किताब"},
      {"soft\u00ADhyphen zero\u200Bwidth joi\u200Dner", "softhyphen | zerowidth | joiner"},
  });
}

TEST(Analyzer, ScriptsWithoutSpaces) {
  check({
      {"สวัสดีครับ", "สวัสดี | ครับ"},
      {"手作りの革財布", "手作り | の | 革 | 財布"},
      {"ハンドメイド・レザー", "ハンド | メイド | レザー"},
      {"真皮钱包", "真皮 | 钱包"},
      {"수제 가죽 지갑", "수제 | 가죽 | 지갑"},
      {"Tシャツ L", "t | シャツ | l"},
      {"red財布 8x10cmの", "red | 財布 | 8x10 | cm | の"},
  });
}

TEST(Analyzer, EmojiAreNoWords) {
  check({
      {"❤️ mug 🐸", "mug"},
      {"👩‍👩‍👧 🇩🇪 ✨linen✨", "linen"},
      {"1️⃣ mug", "1 | mug"},
      {"a\U0001F3FBb", "a | b"},
  });
}

TEST(Analyzer, IllFormedTextIsReadAsReplacementCharacters) {
  check({
      {"\xff\xfe"
       "abc",
       "abc"},
      {"ab\xc3(cd", "ab | cd"},
      {"caf\xc3", "caf"},
      {"\xed\xa0\x80x", "x"},
      {std::string("a\0b", 3), "a | b"},
      {"a\xcc", "a"},
      {"\u0301a \u0301 e", "a | e"},  // marks that stand on nothing
  });
}

TEST(Analyzer, StemsByLanguage) {
  const struct {
    std::string language, text, expected;
  } rows[] = {
      {"en", "aprons ceramics handmade boxes knitted", "apron ceram handmad box knit"},
      {"en-GB", "aprons", "apron"},
      {"EN", "aprons", "apron"},
      {"", "aprons", "apron"},
      {"de", "Häuser Schürzen Haus", "haus schurz haus"},
      {"fr", "boucles d'oreilles", "boucl d oreil"},
      {"fr", "brodé brodée brodés brodées BRODEE poupées", "brod brod brod brod brod poup"},
      {"es", "collares joyería joyeria", "collar joyeri joyeri"},
      {"it", "orecchini", "orecchin"},
      {"nl", "kussens armbanden", "kussen armband"},
      {"pt-BR", "almofadas", "almof"},
      {"sv", "smycken", "smyck"},
      {"da", "smykker", "smyk"},
      {"nb", "smykker", "smykk"},
      {"fi", "korvakorut", "korvakoru"},
      {"ru", "серьги кружками", "серьг кружк"},
      {"hu", "gyűrűk gyűrű párnák", "gyuru gyuru parna"},
      {"ro", "perne", "pern"},
      {"tr", "kolyeler yüzük yüzükler İŞ 2ö", "kolye yuzuk yuzuk is 2o"},
      {"zz", "aprons", "apron"},  // a language without a stemmer: the default
      {"not a language!", "aprons", "apron"},
      {"en", "80s 12oz d&d", "80s 12 oz d&d"},
  };
  for (const auto& row : rows) EXPECT_EQ(terms(row.text, row.language), row.expected) << row.language;
}

TEST(Analyzer, AWordHasOneTermHoweverItIsTyped) {
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {"brodée", "brodee"}, {"Häuser", "hauser"}, {"canción", "cancion"}, {"são", "sao"}, {"párnák", "parnak"}};
  for (const char* language : {"en", "de", "fr", "es", "pt", "sv", "ro", "ru", ""}) {
    for (const auto& [accented, bare] : pairs) EXPECT_EQ(terms(accented, language), terms(bare, language));
  }
}

TEST(Analyzer, OffsetsAreOfTheOriginal) {
  const struct {
    std::string text;
    std::vector<std::string> expected;  // what each token covers
  } rows[] = {
      {"Women's Café, ﬁne", {"Women's", "Café", "ﬁne"}},
      {"1½ yd 12oz", {"1", "½", "yd", "12", "oz"}},
      {"a 8\" × 10\" b", {"a", "8\" × 10", "b"}},
      {"1,000 U.S.A.", {"1,000", "U.S.A"}},
      {"ﷺ", {"ﷺ", "ﷺ", "ﷺ", "ﷺ"}},
      {"\xff\xff linen\xff", {"linen"}},
      {"革財布", {"革", "財布"}},
      {"l\u2019amour e\u0301te\u0301", {"l", "amour", "e\u0301te\u0301"}},
  };
  for (const auto& row : rows) {
    std::vector<std::string> covered;
    for (const Token& token : tokens(row.text))
      covered.push_back(row.text.substr(token.begin, token.end - token.begin));
    EXPECT_EQ(covered, row.expected) << row.text;
  }
}

TEST(Analyzer, LongWordsAreCutAtACharacter) {
  const auto check_cut = [](const std::string& text, std::size_t size) {
    const auto found = tokens(text);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].surface.size(), size);
    EXPECT_LE(found[0].term.size(), kTermBytesMax);
    EXPECT_EQ(found[0].end, text.size()) << "it stands for the whole word";
    EXPECT_TRUE(is_valid_utf8(found[0].surface));
  };
  check_cut(std::string(kTermBytesMax + 1, 'z'), kTermBytesMax);
  check_cut(std::string(100'000, 'z'), kTermBytesMax);
  std::string cyrillic = "x";
  for (int i = 0; i < 100; ++i) cyrillic += "ж";
  check_cut(cyrillic, kTermBytesMax - 1);
}

TEST(Analyzer, CostGrowsWithTheTextOnly) {
  // Each of these would take minutes if any step were quadratic.
  const auto repeat = [](std::string_view part, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += part;
    return out;
  };
  for (const std::string& text : {repeat("1 x ", 200'000), repeat("a.", 400'000), repeat("1,000,", 100'000),
                                  repeat("e\u0301\u0323\u0301", 100'000), "a" + repeat("\u0301\u0323", 200'000),
                                  repeat("é", 400'000), repeat("革財布", 30'000), repeat("a'", 400'000)}) {
    EXPECT_GT(tokens(text).size(), 0u);
  }
}

TEST(Analyzer, StopWords) {
  const Analyzer german("de");
  EXPECT_TRUE(fast().is_stop_word("the", "en"));
  EXPECT_TRUE(fast().is_stop_word("the", "en-US"));
  EXPECT_TRUE(fast().is_stop_word("the", ""));
  EXPECT_TRUE(german.is_stop_word("und", ""));
  EXPECT_TRUE(fast().is_stop_word("fur", "de")) << "surfaces have no accents";
  EXPECT_TRUE(fast().is_stop_word("для", "ru"));
  for (const char* word : {"without", "not", "no", "apron", "over", "under", "her", "him"})
    EXPECT_FALSE(fast().is_stop_word(word, "en"));
  EXPECT_FALSE(fast().is_stop_word("ohne", "de"));
  EXPECT_FALSE(fast().is_stop_word("the", "de"));
  EXPECT_FALSE(fast().is_stop_word("the", "zz"));
}

TEST(Analyzer, AVisitorMayAnalyse) {
  std::vector<std::string> seen;
  fast().visit_tokens("linen aprons", "en", [&](const TokenView& outer) {
    fast().visit_tokens("two mugs", "de", [&](const TokenView& inner) { seen.emplace_back(inner.surface); });
    seen.emplace_back(outer.term);
  });
  EXPECT_THAT(seen, testing::ElementsAre("two", "mugs", "linen", "two", "mugs", "apron"));
}

TEST(Analyzer, ThreadsAgree) {
  const std::string text = "Women's Café aprons 8 x 10 手作りの革財布 สวัสดีครับ";
  const std::vector<Token> expected = tokens(text);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) EXPECT_EQ(tokens(text), expected);
    });
  }
}

// The paths differ in what they do for speed; what they give may not.
TEST(Analyzer, FastPathAgreesWithThePlainOne) {
  const std::vector<std::string> parts = {
      "a",      "B",  "linen", "s",        "x",  "1",  "25", "000",    "'",          ".",      ",",
      "/",      "&",  "-",     "_",        ":",  "\"", " ",  " ",      "  ",         "\n",     "é",
      "\u0301", "ß",  "½",     "²",        "×",  "’",  "й",  "Σ",      "ع",          "ُ",       "ש",
      "革",     "の", "タ",    "ー",       "ส",  "วั",  "한", "❤️",      "\u200D",     "\uFB03", "ﷺ",
      "ि",      "क",  "\xff",  "\xe2\x80", "oz", "１", "٣",  "\u3099", "\U0001F1E9", "\u00AD", "\u2044"};
  Rng rng(17);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    const bool mostly_ascii = rng.chance(0.5);
    for (std::uint64_t left = 1 + rng.below(14); left > 0; --left)
      text += parts[rng.below(mostly_ascii && rng.chance(0.9) ? 21 : parts.size())];
    const char* language = i % 4 == 0 ? "tr" : "en";
    ASSERT_EQ(tokens(text, language), tokens(text, language, plain())) << testing::PrintToString(text);
  }
}

TEST(Fold, TextForComparison) {
  EXPECT_EQ(fold_text("  Café \n au  LAIT "), "cafe au lait");
  EXPECT_EQ(fold_text("革財布"), "革財布");
  EXPECT_EQ(fold_text(""), "");
  EXPECT_EQ(fold_keyword("  Café \n au  LAIT "), "café au lait");
}

}  // namespace
}  // namespace handsel::text

#include "analysis/text/vocabulary.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::text {
namespace {

std::vector<std::string> words(const std::vector<SpellingCandidate>& candidates) {
  std::vector<std::string> out;
  for (const SpellingCandidate& one : candidates) out.emplace_back(one.word);
  return out;
}

Vocabulary small() {
  return Vocabulary::build({{"linen", 900},
                            {"apron", 500},
                            {"aprons", 300},
                            {"ceramic", 800},
                            {"ceramics", 100},
                            {"necklace", 700},
                            {"earring", 400},
                            {"earrings", 600},
                            {"кружка", 50},
                            {"кошка", 40},
                            {"革財布", 30},
                            {"cat", 90},
                            {"hat", 80},
                            {"bat", 70},
                            {"linen", 100},
                            {"", 5},
                            {std::string(kSpelledCharactersMax + 1, 'z'), 9}});
}

TEST(Vocabulary, SuggestsWhatWasMeant) {
  const Vocabulary vocabulary = small();
  EXPECT_EQ(vocabulary.size(), 15u);
  const struct {
    std::string typed;
    std::size_t edits;
    std::string expected;  // the best; empty: none
  } rows[] = {
      {"linen", 2, "linen"},
      {"lienn", 1, "linen"},
      {"lnien", 1, "linen"},
      {"lnin", 2, "linen"},
      {"linnen", 1, "linen"},
      {"aprn", 1, "apron"},
      {"ceramik", 1, "ceramic"},
      {"cermaic", 1, "ceramic"},
      {"neckalce", 1, "necklace"},
      {"nekclaec", 2, "necklace"},
      {"necklaces", 1, "necklace"},
      {"earings", 1, "earrings"},
      {"erarings", 1, "earrings"},
      {"крушка", 1, "кружка"},
      {"革財", 1, "革財布"},
      {"xyz", 1, ""},
      {"ncklc", 2, ""},
      {"", 2, ""},
      {"apron", 0, "apron"},
      {"aprn", 0, ""},
  };
  for (const auto& row : rows) {
    const auto found = vocabulary.lookup(row.typed, row.edits, 3);
    EXPECT_EQ(found.empty() ? "" : found[0].word, row.expected) << row.typed;
  }
}

TEST(Vocabulary, RanksByWeightAndByHowLikelyTheSlipIs) {
  EXPECT_EQ(words(small().lookup("vat", 1, 9)), (std::vector<std::string>{"cat", "bat", "hat"}))
      << "b and c lie beside v; so bat is before hat in spite of its weight";
  EXPECT_EQ(words(small().lookup("cat", 1, 2)), (std::vector<std::string>{"cat", "hat"}));
  const Vocabulary frequent = Vocabulary::build({{"stering", 3}, {"sterling", 50'000}});
  EXPECT_EQ(frequent.lookup("stering", 1, 1).at(0).word, "sterling") << "a known word that is most likely a slip";
  EXPECT_EQ(frequent.lookup("stering", 0, 1).at(0).word, "stering");
}

TEST(Vocabulary, WeightsAddUpAndSaturate) {
  EXPECT_EQ(small().weight("linen"), 1000u);
  EXPECT_EQ(small().weight("line"), std::nullopt);
  EXPECT_EQ(small().weight(std::string(kSpelledCharactersMax + 1, 'z')), 9u);
  EXPECT_EQ(Vocabulary::build({{"a", ~0ull}, {"a", 5}}).weight("a"), 0xffffffffu);
  EXPECT_EQ(Vocabulary().weight("a"), std::nullopt);
  EXPECT_TRUE(Vocabulary().lookup("a", 2, 5).empty());
  EXPECT_TRUE(Vocabulary::build({}).lookup("a", 2, 5).empty());
  EXPECT_TRUE(small().lookup(std::string(kSpelledCharactersMax + 1, 'z'), 2, 5).empty());
}

std::string random_word(Rng& rng, std::string_view letters, std::size_t length_max) {
  std::string word;
  for (std::size_t left = 1 + rng.below(length_max); left > 0; --left) word += letters[rng.below(letters.size())];
  return word;
}

TEST(Vocabulary, AgreesWithTheScan) {
  Rng rng(5);
  for (const std::size_t length_max : {4, 9, 14}) {
    std::vector<WeightedWord> list;
    for (int i = 0; i < 3000; ++i) list.push_back({random_word(rng, "abcde", length_max), rng.below(100)});
    const Vocabulary vocabulary = Vocabulary::build(std::move(list));
    for (int i = 0; i < 300; ++i) {
      const std::string typed = random_word(rng, "abcdef", length_max + 1);
      for (const std::size_t edits : {0, 1, 2}) {
        for (const std::size_t limit : {1, 5, 10'000})
          ASSERT_EQ(vocabulary.lookup(typed, edits, limit), vocabulary.lookup_by_scan(typed, edits, limit)) << typed;
      }
    }
  }
}

}  // namespace
}  // namespace handsel::text

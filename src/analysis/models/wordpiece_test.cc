#include "analysis/models/wordpiece.h"

#include <gtest/gtest.h>

namespace handsel::models {
namespace {

// [PAD] 0, [UNK] 1, [CLS] 2, [SEP] 3, then:
constexpr std::string_view kVocabulary =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n"
    "hand\n##made\nmug\n##s\nun\n##aff\n##able\n,\nh\n##a\n##nd\nma\n##é\n日\n";

Result<std::unique_ptr<Tokenizer>> open(std::string vocabulary) {
  return WordPiece::open(std::make_shared<HeapBytes>(std::move(vocabulary)), "vocab.txt", {});
}

using Tokens = std::vector<std::int32_t>;

Tokens tokens_of(std::string_view text, std::size_t tokens_max = 64) {
  const auto tokenizer = open(std::string(kVocabulary));
  Tokens tokens;
  (*tokenizer)->append_tokens(text, tokens_max, tokens);
  return tokens;
}

TEST(WordPiece, TakesTheLongestPieces) {
  struct Row {
    std::string_view text;
    Tokens tokens;
  };
  const Row rows[] = {
      {"", {2, 3}},
      {"hand", {2, 4, 3}},
      {"Handmade mugs", {2, 4, 5, 6, 7, 3}},
      {"unaffable", {2, 8, 9, 10, 3}},
      {"hand,made", {2, 4, 11, 1, 3}},    // "made" only continues a word
      {"handx", {2, 1, 3}},               // a rest without a piece: the whole word is unknown
      {"[SEP] mug", {2, 1, 1, 1, 6, 3}},  // a mark in a text is text
      {"日日hand", {2, 17, 17, 4, 3}},
      {"made##s", {2, 1, 1, 1, 1, 3}},
  };
  for (const Row& row : rows) EXPECT_EQ(tokens_of(row.text), row.tokens) << row.text;
}

TEST(WordPiece, CutsAtTheLimit) {
  EXPECT_EQ(tokens_of("mug mug mug mug", 4), (Tokens{2, 6, 6, 3}));
  EXPECT_EQ(tokens_of("handmade handmade", 5), (Tokens{2, 4, 5, 4, 3}));
  EXPECT_EQ(tokens_of("mug mug", 4), (Tokens{2, 6, 6, 3}));
  EXPECT_EQ(tokens_of("mug", 2), (Tokens{2, 3}));
}

TEST(WordPiece, LongWordsAreUnknown) {
  std::string word = "hand";
  while (word.size() < 99) word += "s";
  EXPECT_EQ(tokens_of(word + "s", 200).size(), 2u + 1 + 96);
  EXPECT_EQ(tokens_of(word + "ss"), (Tokens{2, 1, 3}));
  EXPECT_EQ(tokens_of(std::string(1u << 20, 'h')), (Tokens{2, 1, 3}));
}

TEST(WordPiece, AppendsAndSaysWhetherAnythingIsKnown) {
  const auto tokenizer = open(std::string(kVocabulary));
  ASSERT_TRUE(tokenizer);
  Tokens tokens = {9};
  EXPECT_TRUE((*tokenizer)->append_tokens("mug", 8, tokens));
  EXPECT_FALSE((*tokenizer)->append_tokens("", 8, tokens));
  EXPECT_FALSE((*tokenizer)->append_tokens("xyz \xff", 8, tokens));
  EXPECT_EQ(tokens, (Tokens{9, 2, 6, 3, 2, 3, 2, 1, 3}));
  EXPECT_EQ((*tokenizer)->vocabulary_size(), 18u);
}

TEST(WordPiece, ReadsLineEndsOfEveryKind) {
  const auto tokenizer = open("[UNK]\r\n[CLS]\r\n\r\n[SEP]\r\nmug");
  ASSERT_TRUE(tokenizer);
  Tokens tokens;
  (*tokenizer)->append_tokens("mug", 8, tokens);
  EXPECT_EQ(tokens, (Tokens{1, 4, 3}));
  EXPECT_EQ((*tokenizer)->vocabulary_size(), 5u);
}

TEST(WordPiece, AVocabularyWithoutMarksIsRefused) {
  for (const char* vocabulary : {"", "\n\n", "a\nb\n", "[UNK]\n[CLS]\n", "[CLS]\n[SEP]\n"}) {
    const auto tokenizer = open(vocabulary);
    ASSERT_FALSE(tokenizer) << vocabulary;
    EXPECT_NE(tokenizer.error().message.find("vocab.txt"), std::string::npos);
  }
}

}  // namespace
}  // namespace handsel::models

// WordPiece, the tokenizer of BERT and MiniLM.
//
// A word (text/model_text.h) is cut from its left into the longest pieces that the
// vocabulary knows; pieces inside a word begin with ## there. A word of more than 100
// characters, or with a rest that no piece begins, is [UNK] as a whole. (Wu et al.
// 2016, arXiv:1609.08144; the greedy form is that of BERT's released code.)
//
// Marks such as [SEP] inside a text are read as text: a buyer cannot forge one.
#pragma once

#include <string>
#include <unordered_map>

#include "analysis/models/tokenizer.h"
#include "analysis/text/model_text.h"

namespace handsel::models {

inline constexpr std::size_t kWordCharactersMax = 100;

class WordPiece final : public Tokenizer {
 public:
  // `vocabulary`: one piece a line, the line's number is the token. `name` is what
  // errors call it. kInvalidData where [UNK], [CLS] or [SEP] is missing.
  static Result<std::unique_ptr<Tokenizer>> open(std::shared_ptr<const FileBytes> vocabulary, std::string_view name,
                                                 const text::BasicWordRules& rules);

  bool append_tokens(std::string_view text, std::size_t tokens_max, std::vector<std::int32_t>& out) const override;
  std::size_t vocabulary_size() const override { return size_; }

 private:
  using Pieces = std::unordered_map<std::string_view, std::int32_t>;

  WordPiece() = default;
  Result<void> read(std::string_view name);
  void append_word(std::string_view word, std::vector<std::int32_t>& out) const;

  std::shared_ptr<const FileBytes> vocabulary_;  // what the maps' keys borrow
  text::BasicWordRules rules_;
  Pieces beginnings_;
  Pieces continuations_;  // without their ##
  std::size_t piece_bytes_max_ = 0;
  std::size_t size_ = 0;
  std::int32_t unknown_ = 0;
  std::int32_t first_ = 0;
  std::int32_t last_ = 0;
};

}  // namespace handsel::models

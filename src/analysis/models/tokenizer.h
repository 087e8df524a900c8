// Text becomes the numbers that an imported model reads.
//
// Immutable after loading; any thread. Any bytes are answered; time in proportion to
// the text, of which kTokenizerTextBytesMax bytes are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::models {

inline constexpr std::size_t kTokenizerTextBytesMax = 64u << 10;
inline constexpr std::size_t kVocabularyMax = 1'000'000;
inline constexpr std::size_t kVocabularyBytesMax = 64u << 20;

class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  // Appends the sequence as the model saw it in training, its first and last mark
  // included: at most `tokens_max`, which is 2 or more. Returns false where nothing of
  // the text is known, so that the sequence means nothing; it is appended all the same.
  virtual bool append_tokens(std::string_view text, std::size_t tokens_max, std::vector<std::int32_t>& out) const = 0;

  // Every token is below this.
  virtual std::size_t vocabulary_size() const = 0;
};

}  // namespace handsel::models

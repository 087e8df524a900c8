// Any bytes as a vocabulary, and any as text, parted by the first zero byte: tokens stay
// within the vocabulary and the limit, and a smaller limit cuts the same sequence.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/models/wordpiece.h"
#include "analysis/text/model_text.h"
#include "base/core/result.h"
#include "base/core/utf8.h"

using namespace handsel;
using namespace handsel::models;

namespace {

constexpr std::string_view kMarks = "[UNK]\n[CLS]\n[SEP]\n";

void check_tokens(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::int32_t> longest;
  tokenizer.append_tokens(text, 512, longest);
  HANDSEL_CHECK(longest.size() >= 2 && longest.size() <= 512);
  for (const std::int32_t token : longest) {
    HANDSEL_CHECK(token >= 0 && static_cast<std::size_t>(token) < tokenizer.vocabulary_size());
  }
  for (const std::size_t limit : {2u, 3u, 9u}) {
    std::vector<std::int32_t> cut;
    tokenizer.append_tokens(text, limit, cut);
    HANDSEL_CHECK(cut.size() == std::min<std::size_t>(limit, longest.size()) && cut.back() == longest.back());
    HANDSEL_CHECK(std::equal(cut.begin(), cut.end() - 1, longest.begin()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t zero = std::min(input.find('\0'), input.size());
  const std::string_view text = input.substr(std::min(zero + 1, input.size()));
  const bool switched = size % 2 == 1;
  auto vocabulary = std::make_shared<HeapBytes>(std::string(kMarks) + std::string(input.substr(0, zero)));
  const auto tokenizer =
      WordPiece::open(std::move(vocabulary), "vocabulary", {.lower_case = !switched, .strip_accents = !switched});
  HANDSEL_CHECK(tokenizer.has_value());
  check_tokens(**tokenizer, text);
  HANDSEL_CHECK(is_valid_utf8(text::prepare_sentence(text, {.lower_case = switched})) || !is_valid_utf8(text));
  return 0;
}

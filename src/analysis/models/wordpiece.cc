#include "analysis/models/wordpiece.h"

#include <algorithm>

#include "base/core/utf8.h"

namespace handsel::models {
namespace {

constexpr std::string_view kInside = "##";

// The line at the front of `rest`, which loses it.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_inside_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

Result<std::unique_ptr<Tokenizer>> WordPiece::open(std::shared_ptr<const FileBytes> vocabulary, std::string_view name,
                                                   const text::BasicWordRules& rules) {
  std::unique_ptr<WordPiece> tokenizer(new WordPiece);
  tokenizer->vocabulary_ = std::move(vocabulary);
  tokenizer->rules_ = rules;
  HANDSEL_TRY(tokenizer->read(name));
  return tokenizer;
}

Result<void> WordPiece::read(std::string_view name) {
  std::string_view rest = vocabulary_->bytes();
  if (rest.size() > kVocabularyBytesMax) {
    return fail(Code::kTooLarge, "{}: more than {} bytes", name, kVocabularyBytesMax);
  }
  const auto lines = static_cast<std::size_t>(std::ranges::count(rest, '\n')) + 1;
  if (lines > kVocabularyMax) return fail(Code::kTooLarge, "{}: more than {} pieces", name, kVocabularyMax);
  beginnings_.reserve(lines);
  continuations_.reserve(lines / 4);
  for (; !rest.empty(); ++size_) {
    std::string_view piece = take_line(rest);
    const bool inside = piece.size() > kInside.size() && piece.starts_with(kInside);
    if (inside) piece.remove_prefix(kInside.size());
    if (piece.empty()) continue;
    piece_bytes_max_ = std::max(piece_bytes_max_, piece.size());
    (inside ? continuations_ : beginnings_)[piece] = static_cast<std::int32_t>(size_);
  }
  const auto mark = [&](std::string_view text, std::int32_t& token) -> Result<void> {
    const auto found = beginnings_.find(text);
    if (found == beginnings_.end()) return fail(Code::kInvalidData, "{}: it has no line {}", name, text);
    token = found->second;
    return {};
  };
  HANDSEL_TRY(mark("[UNK]", unknown_));
  HANDSEL_TRY(mark("[CLS]", first_));
  return mark("[SEP]", last_);
}

void WordPiece::append_word(std::string_view word, std::vector<std::int32_t>& out) const {
  const std::size_t before = out.size();
  if (count_characters(word) > kWordCharactersMax) word = {};
  for (std::size_t begin = 0; begin < word.size();) {
    const Pieces& pieces = begin == 0 ? beginnings_ : continuations_;
    std::size_t end = std::min(word.size(), begin + piece_bytes_max_);
    auto found = pieces.end();
    for (; end > begin; --end) {
      if (end < word.size() && is_inside_character(word[end])) continue;
      found = pieces.find(word.substr(begin, end - begin));
      if (found != pieces.end()) break;
    }
    if (found == pieces.end()) {
      out.resize(before);
      break;
    }
    out.push_back(found->second);
    begin = end;
  }
  if (out.size() == before) out.push_back(unknown_);
}

bool WordPiece::append_tokens(std::string_view text, std::size_t tokens_max, std::vector<std::int32_t>& out) const {
  const std::size_t end = out.size() + tokens_max - 1;  // leaves room for the last mark
  out.push_back(first_);
  const std::size_t begin = out.size();
  text::visit_basic_words(utf8_prefix(text, kTokenizerTextBytesMax), rules_, [&](std::string_view word) {
    append_word(word, out);
    return out.size() < end;
  });
  if (out.size() > end) out.resize(end);
  const auto is_known = [&](std::int32_t token) { return token != unknown_; };
  const bool known = std::any_of(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), is_known);
  out.push_back(last_);
  return known;
}

}  // namespace handsel::models

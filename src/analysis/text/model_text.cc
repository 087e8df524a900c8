#include "analysis/text/model_text.h"

#include <algorithm>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/core/utf8.h"

namespace handsel::text {
namespace {

bool is_removed(UChar32 code) {
  if (code == '\t' || code == '\n' || code == '\r') return false;
  if (code == 0 || code == static_cast<UChar32>(kReplacementCharacter)) return true;
  switch (u_charType(code)) {
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
      return true;
    default:
      return false;
  }
}

// The blocks that BERT's code calls Chinese: ideographs, not kana, not Hangul.
bool is_ideograph(UChar32 code) {
  struct Block {
    UChar32 first;
    UChar32 last;
  };
  static constexpr Block kBlocks[] = {{0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},   {0x20000, 0x2A6DF},
                                      {0x2A700, 0x2B73F}, {0x2B740, 0x2B81F}, {0x2B820, 0x2CEAF}, {0x2F800, 0x2FA1F}};
  return std::ranges::any_of(kBlocks, [&](Block block) { return block.first <= code && code <= block.last; });
}

bool is_sign(UChar32 code) {
  if (code < 0x80) return code > ' ' && code < 0x7F && !u_isalnum(code);
  return u_ispunct(code);
}

// One character at a time, as String.toLowerCase of one character would: no final sigma.
void append_lower(UChar32 code, std::string& out) {
  if (code == 0x130) {  // the one letter whose lower case is always two characters
    out += "i\u0307";
    return;
  }
  append_utf8(out, static_cast<char32_t>(u_tolower(code)));
}

icu::UnicodeString from_utf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
}

icu::UnicodeString decomposed(const icu::UnicodeString& text, bool compatibly) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer =
      compatibly ? icu::Normalizer2::getNFKDInstance(status) : icu::Normalizer2::getNFDInstance(status);
  if (U_FAILURE(status)) return text;
  icu::UnicodeString out = normalizer->normalize(text, status);
  return U_FAILURE(status) ? text : out;
}

class WordCutter {
 public:
  WordCutter(const BasicWordRules& rules, const std::function<bool(std::string_view)>& visit)
      : rules_(rules), visit_(visit) {}

  // False once the visitor has had enough.
  bool take(UChar32 code) {
    if (is_removed(code)) return true;
    if (u_isUWhiteSpace(code)) return flush();
    if (rules_.strip_accents && u_charType(code) == U_NON_SPACING_MARK) return true;
    const bool alone = is_sign(code) || (rules_.split_ideographs && is_ideograph(code));
    if (alone && !flush()) return false;
    if (rules_.lower_case) {
      append_lower(code, word_);
    } else {
      append_utf8(word_, static_cast<char32_t>(code));
    }
    return alone ? flush() : true;
  }

  bool flush() {
    if (word_.empty()) return true;
    const bool go_on = visit_(word_);
    word_.clear();
    return go_on;
  }

 private:
  const BasicWordRules& rules_;
  const std::function<bool(std::string_view)>& visit_;
  std::string word_;
};

std::string without_quotes_of_tex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view pair = text.substr(i, 2);
    const bool quote = pair == "``" || pair == "''";
    out.push_back(quote ? '"' : text[i]);
    i += quote ? 1 : 0;
  }
  return out;
}

}  // namespace

void visit_basic_words(std::string_view text, const BasicWordRules& rules,
                       const std::function<bool(std::string_view)>& visit) {
  WordCutter cutter(rules, visit);
  if (is_ascii(text)) {
    for (const char c : text) {
      if (!cutter.take(c)) return;
    }
  } else {
    icu::UnicodeString characters = from_utf8(text);
    if (rules.strip_accents) characters = decomposed(characters, false);
    for (std::int32_t at = 0; at < characters.length(); at = characters.moveIndex32(at, 1)) {
      if (!cutter.take(characters.char32At(at))) return;
    }
  }
  cutter.flush();
}

std::string prepare_sentence(std::string_view text, const SentenceRules& rules) {
  std::string plain = without_quotes_of_tex(text);
  if (is_ascii(plain)) {
    if (!rules.lower_case) return plain;
    std::ranges::transform(plain, plain.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return plain;
  }
  icu::UnicodeString characters = from_utf8(plain);
  if (rules.strip_accents) characters = decomposed(characters, true);
  std::string out;
  for (std::int32_t at = 0; at < characters.length(); at = characters.moveIndex32(at, 1)) {
    const UChar32 code = characters.char32At(at);
    if (rules.strip_accents && (U_GET_GC_MASK(code) & U_GC_M_MASK) != 0) continue;
    if (rules.lower_case) {
      append_lower(code, out);
    } else {
      append_utf8(out, static_cast<char32_t>(code));
    }
  }
  return out;
}

}  // namespace handsel::text

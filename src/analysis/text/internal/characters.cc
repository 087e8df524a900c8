#include "analysis/text/internal/characters.h"

#include <array>
#include <optional>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include "base/core/result.h"

namespace handsel::text::internal {
namespace {

constexpr UChar32 kDotOfDottedI = 0x307;  // what case folding leaves of Turkish İ beside the i

const icu::Normalizer2& normalizer(const icu::Normalizer2* (*instance)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = instance(status);
  HANDSEL_CHECK(U_SUCCESS(status) && found != nullptr);  // compiled into ICU
  return *found;
}

const icu::Normalizer2& nfkc_casefold() {
  static const icu::Normalizer2& instance = normalizer(&icu::Normalizer2::getNFKCCasefoldInstance);
  return instance;
}

UScriptCode script_of(UChar32 code) {
  UErrorCode status = U_ZERO_ERROR;
  return uscript_getScript(code, &status);
}

bool is_mark(UChar32 code) {
  return (U_GET_GC_MASK(code) & U_GC_M_MASK) != 0;
}

// Whether a mark says nothing that people could be relied on to type.
bool is_dropped_mark(UChar32 mark, UChar32 base) {
  constexpr UChar32 kBreve = 0x306;
  constexpr UChar32 kCyrillicI = 0x438;
  if (mark == kBreve && base == kCyrillicI) return false;  // й is a letter of its own
  const auto folds = [](UScriptCode script) {
    return script == USCRIPT_LATIN || script == USCRIPT_GREEK || script == USCRIPT_CYRILLIC;
  };
  const UScriptCode own = script_of(mark);
  if (own == USCRIPT_ARABIC || own == USCRIPT_HEBREW) return u_charType(mark) == U_NON_SPACING_MARK;
  if (own != USCRIPT_INHERITED && own != USCRIPT_COMMON) return folds(own);
  const bool vowel_point_or_hamza = script_of(base) == USCRIPT_ARABIC;
  if (vowel_point_or_hamza) return !(mark >= 0x653 && mark <= 0x655) || base == 0x627;
  const UScriptCode script = base == 0 ? USCRIPT_COMMON : script_of(base);
  return folds(script) || script == USCRIPT_COMMON || script == USCRIPT_INHERITED;
}

// Letters that no decomposition takes apart.
std::optional<std::string_view> unaccented_letter(UChar32 code) {
  switch (code) {
    case 0xE6:
      return "ae";  // æ
    case 0xF0:
      return "d";  // ð
    case 0xF8:
      return "o";  // ø
    case 0xFE:
      return "th";  // þ
    case 0x111:
      return "d";  // đ
    case 0x127:
      return "h";  // ħ
    case 0x131:
      return "i";  // ı
    case 0x142:
      return "l";  // ł
    case 0x153:
      return "oe";  // œ
    case 0x167:
      return "t";  // ŧ
    default:
      return std::nullopt;
  }
}

// Signs with an ASCII twin, digits of any script.
std::optional<std::string_view> plain_sign(UChar32 code) {
  switch (code) {
    case 0x640:
      return "";  // Arabic tatweel, which only stretches
    case 0x2BC:   // modifier letter apostrophe
    case 0x2018:  // single quotation marks
    case 0x2019:
    case 0x2032:
      return "'";  // prime
    case 0x201C:   // double quotation marks
    case 0x201D:
      return "\"";
    case 0x2044:
      return "/";  // fraction slash
    default:
      break;
  }
  static constexpr std::array<std::string_view, 10> kDigits = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  if (code < 0x80 || u_charType(code) != U_DECIMAL_DIGIT_NUMBER) return std::nullopt;
  return kDigits[static_cast<std::size_t>(u_charDigitValue(code))];
}

std::optional<std::string_view> plain_spelling(UChar32 code, Accents accents) {
  const auto letter = accents == Accents::kDropped ? unaccented_letter(code) : std::nullopt;
  return letter ? letter : plain_sign(code);
}

// Where words of these characters end is a matter of character classes alone: UAX #29
// never parts two of them (WB4 to WB10).
bool is_simple(UChar32 code) {
  switch (u_getIntPropertyValue(code, UCHAR_WORD_BREAK)) {
    case U_WB_ALETTER:
    case U_WB_HEBREW_LETTER:
    case U_WB_NUMERIC:
    case U_WB_EXTEND:
      // ICU parts Korean from other letters, and gives Thai and its like to a dictionary.
      return script_of(code) != USCRIPT_HANGUL && u_getIntPropertyValue(code, UCHAR_LINE_BREAK) != U_LB_COMPLEX_CONTEXT;
    default:
      return !is_word_character(static_cast<char32_t>(code));
  }
}

}  // namespace

bool is_word_character(char32_t code) {
  return (U_GET_GC_MASK(static_cast<UChar32>(code)) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
}

bool begins_word(char32_t code) {
  return (U_GET_GC_MASK(static_cast<UChar32>(code)) & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
}

Folded fold_segment(std::u32string_view segment, Accents accents) {
  if (segment.size() == 1 && segment[0] == 0xB4) return {.bytes = "'"};  // NFKC would make it a space
  static const icu::Normalizer2& nfd = normalizer(&icu::Normalizer2::getNFDInstance);
  static const icu::Normalizer2& nfc = normalizer(&icu::Normalizer2::getNFCInstance);
  UErrorCode status = U_ZERO_ERROR;
  const auto source = icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(segment.data()),
                                                    static_cast<std::int32_t>(segment.size()));
  const icu::UnicodeString apart = nfd.normalize(nfkc_casefold().normalize(source, status), status);
  icu::UnicodeString kept;
  UChar32 base = 0;
  for (std::int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
    const UChar32 code = apart.char32At(i);
    if (is_mark(code)) {
      const bool drops = accents == Accents::kDropped ? is_dropped_mark(code, base) : code == kDotOfDottedI;
      if (!drops) kept.append(code);
      continue;
    }
    base = code;
    if (const auto plain = plain_spelling(code, accents)) {
      kept.append(icu::UnicodeString::fromUTF8({plain->data(), static_cast<std::int32_t>(plain->size())}));
    } else {
      kept.append(code);
    }
  }
  const icu::UnicodeString together = nfc.normalize(kept, status);
  HANDSEL_CHECK(U_SUCCESS(status));
  Folded out;
  together.toUTF8String(out.bytes);
  for (std::int32_t i = 0; i < together.length(); i = together.moveIndex32(i, 1))
    out.simple = out.simple && is_simple(together.char32At(i));
  return out;
}

bool starts_segment(char32_t code) {
  return nfkc_casefold().hasBoundaryBefore(static_cast<UChar32>(code));
}

bool parts_from_digit(char32_t code) {
  return u_charType(static_cast<UChar32>(code)) == U_OTHER_NUMBER;
}

}  // namespace handsel::text::internal

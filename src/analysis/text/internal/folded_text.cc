#include "analysis/text/internal/folded_text.h"

#include <algorithm>
#include <optional>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include "base/core/result.h"
#include "base/core/utf8.h"

namespace handsel::text::internal {
namespace {

constexpr std::size_t kMemoSize = 2048;  // a power of two
constexpr std::size_t kSegmentMax = 32;  // characters that belong together; more are taken apart (UAX #15, stream-safe)
constexpr std::size_t kKeptCapacity = 1u << 20;

bool is_ascii_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

bool is_ascii_byte(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

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

// Letters that no decomposition takes apart, signs with an ASCII twin, digits.
std::optional<std::string_view> plain_spelling(UChar32 code) {
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

struct Folded {
  std::string bytes;
  bool simple = true;
};

// The folding of one normalisation segment: characters that may combine.
Folded fold_segment(std::u32string_view segment) {
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
      if (!is_dropped_mark(code, base)) kept.append(code);
      continue;
    }
    base = code;
    if (const auto plain = plain_spelling(code)) {
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

// "1½" and "10²" are two numbers, which folding would run together.
bool parts_from_digit(std::u32string_view segment) {
  return u_charType(static_cast<UChar32>(segment[0])) == U_OTHER_NUMBER;
}

bool ends_with_digit(const std::string& bytes) {
  return !bytes.empty() && bytes.back() >= '0' && bytes.back() <= '9';
}

bool starts_with_digit(std::string_view bytes) {
  return !bytes.empty() && bytes.front() >= '0' && bytes.front() <= '9';
}

template <typename T>
void clear_and_shrink(T& buffer) {
  buffer.clear();
  if (buffer.capacity() > kKeptCapacity) buffer.shrink_to_fit();
}

}  // namespace

bool is_word_character(char32_t code) {
  return (U_GET_GC_MASK(static_cast<UChar32>(code)) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
}

bool begins_word(char32_t code) {
  return (U_GET_GC_MASK(static_cast<UChar32>(code)) & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
}

void FoldedText::clear() {
  clear_and_shrink(bytes);
  clear_and_shrink(pieces);
  clear_and_shrink(chunks);
}

std::size_t FoldedText::piece_of(std::uint32_t folded, std::size_t& hint) const {
  if (pieces[hint].folded_begin > folded) hint = 0;
  while (hint + 1 < pieces.size() && pieces[hint + 1].folded_begin <= folded) ++hint;
  return hint;
}

std::uint32_t FoldedText::source_begin(std::uint32_t folded, std::size_t& hint) const {
  const Piece& piece = pieces[piece_of(folded, hint)];
  return piece.verbatim ? piece.source_begin + (folded - piece.folded_begin) : piece.source_begin;
}

std::uint32_t FoldedText::source_end(std::uint32_t folded_end, std::size_t& hint) const {
  const std::uint32_t last = folded_end - 1;
  const Piece& piece = pieces[piece_of(last, hint)];
  return piece.verbatim ? piece.source_begin + (last - piece.folded_begin) + 1 : piece.source_end;
}

// Whole words around what is not ASCII go one way, the ASCII between them the other.
// Both ends of such a chunk are at ASCII spaces, across which nothing combines: the
// space before belongs to the chunk, as a mark may stand on it.
void Folder::fold(std::string_view text, FoldedText& out) {
  out.clear();
  const auto size = static_cast<std::uint32_t>(text.size());
  if (mode_ == Mode::kPlain) return fold_general(text, 0, size, out);
  std::uint32_t at = 0;
  while (at < size) {
    std::uint32_t foreign = at;
    while (foreign < size && is_ascii_byte(text[foreign])) ++foreign;
    if (foreign == size) return fold_ascii(text, at, size, out);
    std::uint32_t begin = foreign;
    while (begin > at && !is_ascii_space(text[begin])) --begin;
    std::uint32_t end = foreign;
    while (end < size && !(is_ascii_space(text[end]) && (end + 1 == size || is_ascii_byte(text[end + 1])))) ++end;
    if (begin > at) fold_ascii(text, at, begin, out);
    fold_general(text, begin, end, out);
    at = end;
  }
}

void Folder::fold_ascii(std::string_view text, std::uint32_t begin, std::uint32_t end, FoldedText& out) {
  const auto folded_begin = static_cast<std::uint32_t>(out.bytes.size());
  out.pieces.push_back({folded_begin, begin, end, true});
  if (out.chunks.empty() || !out.chunks.back().simple) out.chunks.push_back({folded_begin, true});
  out.bytes.resize(folded_begin + (end - begin));
  std::transform(text.begin() + begin, text.begin() + end, out.bytes.begin() + folded_begin, lower);
}

void Folder::fold_general(std::string_view text, std::uint32_t begin, std::uint32_t end, FoldedText& out) {
  if (begin == end) return;
  const auto folded_begin = static_cast<std::uint32_t>(out.bytes.size());
  bool simple = true;
  std::uint32_t at = begin;
  while (at < end) {
    const std::uint32_t segment_begin = at;
    segment_.clear();
    do {
      const DecodedCharacter character = decode_utf8(text.substr(at, end - at));
      const auto code = static_cast<UChar32>(character.code);
      if (!segment_.empty() && (segment_.size() == kSegmentMax || nfkc_casefold().hasBoundaryBefore(code))) break;
      segment_.push_back(character.code);
      at += static_cast<std::uint32_t>(character.size);
    } while (at < end);
    const Piece piece{static_cast<std::uint32_t>(out.bytes.size()), segment_begin, at, false};
    simple = append_segment(segment_, piece, out) && simple;
  }
  if (!simple || out.chunks.empty() || !out.chunks.back().simple) out.chunks.push_back({folded_begin, simple});
}

// Returns whether the segment is simple.
bool Folder::append_segment(std::u32string_view segment, Piece piece, FoldedText& out) {
  if (segment.size() > 1 || mode_ == Mode::kPlain) {
    const Folded folded = fold_segment(segment);
    if (parts_from_digit(segment) && ends_with_digit(out.bytes) && starts_with_digit(folded.bytes)) out.bytes += ' ';
    if (!folded.bytes.empty()) out.pieces.push_back(piece);
    out.bytes += folded.bytes;
    return folded.simple;
  }
  const char32_t code = segment[0];
  if (code < 0x80) {
    Piece* last = out.pieces.empty() ? nullptr : &out.pieces.back();
    if (last != nullptr && last->verbatim && last->source_end == piece.source_begin) {
      last->source_end = piece.source_end;
    } else {
      piece.verbatim = true;
      out.pieces.push_back(piece);
    }
    out.bytes += lower(static_cast<char>(code));
    return true;
  }
  if (memo_.empty()) memo_.resize(kMemoSize);
  Memo& memo = memo_[code & (kMemoSize - 1)];
  if (memo.code != code) {
    const Folded folded = fold_segment(segment);
    if (folded.bytes.size() > memo.bytes.size()) {
      out.pieces.push_back(piece);
      out.bytes += folded.bytes;
      return folded.simple;
    }
    memo.code = code;
    memo.size = static_cast<std::uint8_t>(folded.bytes.size());
    memo.simple = folded.simple;
    memo.parts_from_digit = parts_from_digit(segment) && starts_with_digit(folded.bytes);
    std::ranges::copy(folded.bytes, memo.bytes.begin());
  }
  if (memo.parts_from_digit && ends_with_digit(out.bytes)) out.bytes += ' ';
  if (memo.size > 0) out.pieces.push_back(piece);
  out.bytes.append(memo.bytes.data(), memo.size);
  return memo.simple;
}

}  // namespace handsel::text::internal

#include "analysis/text/internal/folded_text.h"

#include <algorithm>

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
// Such a chunk begins with the ASCII space before it, on which a mark may stand, and
// ends before the next one: nothing combines across its ends.
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
    while (end < size && !is_ascii_space(text[end])) ++end;
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
      if (!segment_.empty() && (segment_.size() == kSegmentMax || starts_segment(character.code))) break;
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
    const Folded folded = fold_segment(segment, accents_);
    if (parts_from_digit(segment[0]) && ends_with_digit(out.bytes) && starts_with_digit(folded.bytes)) out.bytes += ' ';
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
    const Folded folded = fold_segment(segment, accents_);
    if (folded.bytes.size() > memo.bytes.size()) {
      out.pieces.push_back(piece);
      out.bytes += folded.bytes;
      return folded.simple;
    }
    memo.code = code;
    memo.size = static_cast<std::uint8_t>(folded.bytes.size());
    memo.simple = folded.simple;
    memo.parts_from_digit = parts_from_digit(segment[0]) && starts_with_digit(folded.bytes);
    std::ranges::copy(folded.bytes, memo.bytes.begin());
  }
  if (memo.parts_from_digit && ends_with_digit(out.bytes)) out.bytes += ' ';
  if (memo.size > 0) out.pieces.push_back(piece);
  out.bytes.append(memo.bytes.data(), memo.size);
  return memo.simple;
}

}  // namespace handsel::text::internal

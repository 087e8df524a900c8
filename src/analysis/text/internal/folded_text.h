// A text in the form in which it is compared, with the way back to its bytes.
//
// fold_text() reads any bytes; ASCII and characters seen before cost a table look-up,
// the rest goes through ICU. One thread per object; buffers are reused.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/text/internal/characters.h"

namespace handsel::text::internal {

// A stretch of the folded text and where it came from. A verbatim piece maps byte by
// byte; any other came as a whole from [source_begin, source_end).
struct Piece {
  std::uint32_t folded_begin;
  std::uint32_t source_begin;
  std::uint32_t source_end;
  bool verbatim;
};

// A part of the folded text between spaces. `simple` parts have no character of which
// only ICU's rules or dictionaries know where its words end.
struct Chunk {
  std::uint32_t folded_begin;
  bool simple;
};

struct FoldedText {
  std::string bytes;  // valid UTF-8
  std::vector<Piece> pieces;
  std::vector<Chunk> chunks;

  void clear();
  // The bytes of the source that folded bytes [begin, end) came from; end > begin.
  // `hint` remembers the piece, so that growing positions cost little.
  std::uint32_t source_begin(std::uint32_t folded, std::size_t& hint) const;
  std::uint32_t source_end(std::uint32_t folded_end, std::size_t& hint) const;

 private:
  std::size_t piece_of(std::uint32_t folded, std::size_t& hint) const;
};

class Folder {
 public:
  enum class Mode : std::uint8_t { kFast, kPlain };

  explicit Folder(Mode mode, Accents accents = Accents::kDropped) : mode_(mode), accents_(accents) {}
  void fold(std::string_view text, FoldedText& out);

 private:
  struct Memo {
    char32_t code = 0;
    std::uint8_t size = 0;
    bool simple = true;
    bool parts_from_digit = false;
    std::array<char, 13> bytes;
  };

  void fold_ascii(std::string_view text, std::uint32_t begin, std::uint32_t end, FoldedText& out);
  void fold_general(std::string_view text, std::uint32_t begin, std::uint32_t end, FoldedText& out);
  bool append_segment(std::u32string_view segment, Piece piece, FoldedText& out);

  const Mode mode_;
  const Accents accents_;
  std::u32string segment_;
  std::vector<Memo> memo_;  // by low bits of the code
};

}  // namespace handsel::text::internal

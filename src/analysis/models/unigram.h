// The unigram model of SentencePiece: a text is cut into the pieces whose scores sum to
// the most (Kudo 2018, arXiv:1804.10959), after the normalisation that the model brings
// along. Read from spiece.model; trained elsewhere.
//
// Our own reader: Debian's library of that name carries a protobuf runtime of its own,
// which in one process with another one destroys both.
//
// Immutable; any thread. Time in proportion to the text and the longest piece.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/core/result.h"

namespace handsel::models {

class Unigram {
 public:
  // kInvalidData where the bytes are no such model, kUnsupported where it cuts by another
  // method (BPE, words, bytes).
  static Result<Unigram> parse(std::string_view model);

  // Any bytes. Unknown characters next to each other are one unknown piece.
  std::vector<std::int32_t> encode(std::string_view text) const;

  std::size_t size() const { return pieces_; }
  std::int32_t unknown() const { return unknown_; }
  // -1 where there is none of that name.
  std::int32_t find(std::string_view piece) const;

 private:
  struct Piece {
    std::int32_t id = 0;
    float score = 0;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Table = std::unordered_map<std::string, Piece, Hash, std::equal_to<>>;

  Result<void> read_normaliser(std::string_view message);
  Result<void> read_character_map(std::string_view bytes);
  std::string normalise(std::string_view text) const;
  // What stands at the beginning of `text` and what it becomes.
  std::pair<std::size_t, std::string_view> normalise_prefix(std::string_view text) const;

  std::size_t pieces_ = 0;
  Table cut_;      // pieces that a text is cut into
  Table control_;  // marks that no text has
  std::size_t longest_ = 0;
  std::int32_t unknown_ = -1;
  float unknown_score_ = 0;
  bool add_space_ = true;
  bool trim_spaces_ = true;
  bool mark_spaces_ = true;
  std::vector<std::uint32_t> trie_;  // of the character map: a double array (Aoe 1989)
  std::string replacements_;         // zero-ended, by offset
};

}  // namespace handsel::models

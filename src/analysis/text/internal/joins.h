// From atoms to words as a marketplace means them: possessives, contractions,
// decimals, fractions, sizes such as 8x10, units. The rules are listed in analyzer.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "analysis/text/internal/atoms.h"

namespace handsel::text::internal {

struct Word {
  std::string_view surface;  // lives until the next call
  std::uint32_t begin = 0;   // folded bytes that it stands for
  std::uint32_t end = 0;
};

// Reads the words of one text in order; each atom is looked at a bounded number of times.
class WordReader {
 public:
  WordReader(std::string_view folded, std::span<const Atom> atoms) : folded_(folded), atoms_(atoms) {}

  bool next(Word& word);

 private:
  std::string_view atom(std::size_t i) const {
    return folded_.substr(atoms_[i].begin, atoms_[i].end - atoms_[i].begin);
  }
  std::string_view gap_after(std::size_t i) const;
  std::string_view surface() const;
  void append(std::string_view part);
  bool join_next();
  bool join_apostrophe(std::string_view left, std::string_view right);
  bool join_number(char sign, std::string_view left, std::string_view right);
  bool join_size();
  bool take_dimension(std::string_view sign, std::size_t number);
  void part_unit(Word& word);

  const std::string_view folded_;
  const std::span<const Atom> atoms_;
  std::size_t at_ = 0;  // the next atom

  // The word being read.
  std::size_t first_ = 0;
  std::size_t last_ = 0;
  std::size_t number_ = 0;  // where its last number begins: that of 8x10 at the 10
  bool joined_ = false;     // its text is in `buffer_`, no longer in the folded text
  bool closed_ = false;     // nothing more may join
  bool decimal_ = false;    // has a point: no more groups of thousands
  std::string buffer_;

  // The unit that was parted from the word returned last.
  Word unit_;
};

}  // namespace handsel::text::internal

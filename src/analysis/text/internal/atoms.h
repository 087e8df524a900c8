// The smallest parts of a text that can be words: runs of letters, digits and marks,
// parted where ICU sees a word end inside a run (Thai, Chinese, Japanese).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "analysis/text/internal/folded_text.h"

namespace handsel::text::internal {

// Bytes [begin, end) of FoldedText::bytes; never empty.
struct Atom {
  std::uint32_t begin;
  std::uint32_t end;
};

// One thread; keeps ICU's iterator, which is dear to make.
class AtomFinder {
 public:
  AtomFinder();
  ~AtomFinder();

  void find(const FoldedText& text, std::vector<Atom>& out);
  // The twin: asks ICU about the whole text at once.
  void find_by_icu(const FoldedText& text, std::vector<Atom>& out);

 private:
  class Icu;
  Icu& icu();

  std::unique_ptr<Icu> icu_;
};

}  // namespace handsel::text::internal

// Whether all phrases of a query stand in the title of a document. One thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "views/index/query.h"
#include "views/index/segment.h"

namespace handsel::index {

// By the ordinals of one segment.
class PhraseCheck {
 public:
  PhraseCheck(const Segment& segment, const std::vector<Phrase>& phrases) : segment_(segment) {
    for (const Phrase& phrase : phrases) {
      std::vector<std::uint32_t> ordinals;
      for (const std::string& term : phrase.terms) ordinals.push_back(segment.find_term(term).value_or(kNoOrdinal));
      phrases_.push_back(std::move(ordinals));
    }
  }

  bool empty() const { return phrases_.empty(); }

  bool passes(std::uint32_t doc) {
    segment_.title(doc, title_);
    return std::ranges::all_of(phrases_, [this](const std::vector<std::uint32_t>& phrase) {
      return !std::ranges::search(title_, phrase).empty() || phrase.empty();
    });
  }

 private:
  const Segment& segment_;
  std::vector<std::vector<std::uint32_t>> phrases_;
  std::vector<std::uint32_t> title_;
};

}  // namespace handsel::index

// Writes the forward sections of a segment (segment.h says the bytes).
#pragma once

#include <span>
#include <string>

#include "base/core/bytes.h"
#include "views/index/segment.h"

namespace handsel::index {

class ForwardWriter {
 public:
  // Begins the section; add() the documents in order, then finish().
  explicit ForwardWriter(SegmentFileWriter& writer) : writer_(writer) { writer_.begin(kForward); }

  // `terms` ascending by ordinal.
  void add(std::span<const std::uint32_t> title, std::span<const ForwardTerm> terms) {
    put_fixed(offsets_, writer_.section_size());
    record_.clear();
    put_varint(record_, title.size());
    for (const std::uint32_t ordinal : title) put_varint(record_, ordinal);
    put_varint(record_, terms.size());
    std::uint32_t previous = 0;
    for (const ForwardTerm& term : terms) {
      put_varint(record_, term.ordinal - previous);
      previous = term.ordinal;
    }
    for (const ForwardTerm& term : terms) record_.push_back(static_cast<char>(term.impact));
    writer_.append(record_);
  }

  void finish() {
    put_fixed(offsets_, writer_.section_size());
    writer_.section(kForwardOffsets, offsets_);
  }

 private:
  SegmentFileWriter& writer_;  // outlives this
  std::string offsets_;
  std::string record_;
};

}  // namespace handsel::index

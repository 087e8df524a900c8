// Writes the forward sections of a segment (segment.h says the bytes).
#pragma once

#include <span>
#include <string>

#include "views/index/segment.h"

namespace handsel::index {

class ForwardWriter {
 public:
  // Begins the section; add() the documents in order, then finish().
  explicit ForwardWriter(SegmentFileWriter& writer) : writer_(writer) { writer_.begin(kForward); }

  // `terms` ascending by ordinal.
  void add(std::span<const std::uint32_t> title, std::span<const ForwardTerm> terms) {
    put_offset(offsets_, writer_.section_size());
    record_.clear();
    encode_forward(title, terms, record_);
    writer_.append(record_);
  }

  void finish() {
    put_offset(offsets_, writer_.section_size());
    writer_.section(kForwardOffsets, offsets_);
  }

 private:
  SegmentFileWriter& writer_;  // outlives this
  std::string offsets_;
  std::string record_;
};

}  // namespace handsel::index

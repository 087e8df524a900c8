// What a segment keeps of each document beside the postings: its title and all its terms,
// in few bytes.
//
// Terms go by ordinal, the most frequent first (segment.h): most of a document's terms are
// frequent ones, so their ordinals are small and near each other. Bytes of a record:
//
//   varint n, u8 width, n ordinals of `width` bits: the term at each title position
//   varint m, the number of distinct terms
//   ceil(m / 8) x 4 bits: the width of each group of 8 terms, as an index into kWidths
//   each group: its gaps (ordinal - the one before - 1, from -1), `width` bits each
//   m x u8 impact
//
// Bit fields begin in the lowest bits and are padded to a byte at their end. Widths are few
// and fixed for a run, so that decoding does not branch on each value.
//
// Reading checks bounds once per group; damaged bytes give no terms, or wrong ones.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace handsel::index {

struct ForwardTerm {
  std::uint32_t ordinal;
  std::uint8_t impact;
  bool operator==(const ForwardTerm&) const = default;
};

// `terms` ascending by ordinal, without repetition. Appends to `out`.
void encode_forward(std::span<const std::uint32_t> title, std::span<const ForwardTerm> terms, std::string& out);

// Both replace `out`. About 20 ns for a title, 2 ns for a term.
void decode_title(std::string_view record, std::vector<std::uint32_t>& out);
void decode_terms(std::string_view record, std::vector<ForwardTerm>& out);

}  // namespace handsel::index

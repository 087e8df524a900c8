// Lists of 64-bit words as manifests hold them: varint count, then the words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/core/bytes.h"

namespace handsel {

inline void put_words(std::string& out, const std::vector<std::uint64_t>& words) {
  put_varint(out, words.size());
  for (const std::uint64_t word : words) put_fixed(out, word);
}

// A count that the bytes do not hold ends with reader.ok() false, before memory is taken for it.
inline std::vector<std::uint64_t> read_words(ByteReader& reader) {
  const std::uint64_t count = reader.varint();
  std::vector<std::uint64_t> words;
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) words.push_back(reader.fixed<std::uint64_t>());
  return words;
}

}  // namespace handsel

// A 64-bit hash that is part of file formats: it never changes. FNV-1a over
// eight bytes at a time with a murmur finaliser; not for adversarial input.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace handsel {

constexpr std::uint64_t mix64(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdull;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ull;
  return x ^ (x >> 33);
}

inline std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0) {
  std::uint64_t h = 0xcbf29ce484222325ull ^ seed ^ (bytes.size() * 0x9e3779b97f4a7c15ull);
  while (bytes.size() >= 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data(), 8);
    h = mix64(h ^ word);
    bytes.remove_prefix(8);
  }
  if (!bytes.empty()) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), bytes.size());
    h = mix64(h ^ word ^ 0x100000001b3ull);
  }
  return mix64(h);
}

}  // namespace handsel

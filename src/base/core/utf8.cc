#include "base/core/utf8.h"

#include <cstdint>
#include <cstring>

namespace handsel {
namespace {

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// What may follow a lead byte: how many bytes, and the range of the first of them,
// which is where overlong forms, surrogates and values past U+10FFFF are refused.
struct Lead {
  unsigned char following = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
};

Lead lead_of(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {.following = 1};
  if (byte == 0xE0) return {.following = 2, .low = 0xA0};
  if (byte == 0xED) return {.following = 2, .high = 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {.following = 2};
  if (byte == 0xF0) return {.following = 3, .low = 0x90};
  if (byte == 0xF4) return {.following = 3, .high = 0x8F};
  if (byte >= 0xF1 && byte <= 0xF3) return {.following = 3};
  return {};
}

// Length of the ASCII bytes at the front.
std::size_t ascii_run(std::string_view bytes) {
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + at, 8);
    if ((word & 0x8080808080808080ull) != 0) break;
  }
  while (at < bytes.size() && static_cast<unsigned char>(bytes[at]) < 0x80) ++at;
  return at;
}

}  // namespace

DecodedCharacter decode_utf8(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (first < 0x80) return {.code = first, .size = 1, .well_formed = true};
  const Lead lead = lead_of(first);
  if (lead.following == 0) return {};
  char32_t code = first & (0x3F >> lead.following);
  for (std::size_t i = 1; i <= lead.following; ++i) {
    if (i >= bytes.size()) return {.size = i};
    const auto byte = static_cast<unsigned char>(bytes[i]);
    const bool fits = i == 1 ? byte >= lead.low && byte <= lead.high : (byte & 0xC0) == 0x80;
    if (!fits) return {.size = i};
    code = code << 6 | (byte & 0x3F);
  }
  return {.code = code, .size = lead.following + std::size_t{1}, .well_formed = true};
}

void append_utf8(std::string& out, char32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = kReplacementCharacter;
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | code >> 6));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | code >> 12));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | code >> 18));
    out.push_back(static_cast<char>(0x80 | (code >> 12 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

bool is_ascii(std::string_view bytes) {
  return ascii_run(bytes) == bytes.size();
}

bool is_valid_utf8(std::string_view bytes) {
  for (bytes.remove_prefix(ascii_run(bytes)); !bytes.empty(); bytes.remove_prefix(ascii_run(bytes))) {
    const DecodedCharacter character = decode_utf8(bytes);
    if (!character.well_formed) return false;
    bytes.remove_prefix(character.size);
  }
  return true;
}

std::string repair_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t ascii = ascii_run(bytes);
    out.append(bytes.substr(0, ascii));
    bytes.remove_prefix(ascii);
    if (bytes.empty()) break;
    const DecodedCharacter character = decode_utf8(bytes);
    append_utf8(out, character.code);
    bytes.remove_prefix(character.size);
  }
  return out;
}

std::size_t count_characters(std::string_view bytes) {
  std::size_t count = 0;
  while (!bytes.empty()) {
    const std::size_t ascii = ascii_run(bytes);
    count += ascii;
    bytes.remove_prefix(ascii);
    if (bytes.empty()) break;
    ++count;
    bytes.remove_prefix(decode_utf8(bytes).size);
  }
  return count;
}

std::string_view utf8_prefix(std::string_view bytes, std::size_t bytes_max) {
  if (bytes.size() <= bytes_max) return bytes;
  // A character has at most three continuation bytes; more of them are ill-formed
  // anyway and may be cut anywhere.
  std::size_t end = bytes_max;
  for (int back = 0; back < 3 && end > 0 && is_continuation(bytes[end]); ++back) --end;
  return bytes.substr(0, is_continuation(bytes[end]) ? bytes_max : end);
}

}  // namespace handsel

// UTF-8 as it comes from outside: checked, repaired, counted, cut.
//
// What is not well-formed is read as U+FFFD, one for each maximal subpart (Unicode
// 15, section 3.9, and the WHATWG decoder), so that every text has one reading.
// Pure functions, any thread, one pass over the bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace handsel {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

struct DecodedCharacter {
  char32_t code = kReplacementCharacter;
  std::size_t size = 1;  // bytes to go on by; at least 1
  bool well_formed = false;
};

// The first character of `bytes`, which is not empty.
DecodedCharacter decode_utf8(std::string_view bytes);

// `code` is a scalar value; anything else is written as U+FFFD.
void append_utf8(std::string& out, char32_t code);

bool is_ascii(std::string_view bytes);
bool is_valid_utf8(std::string_view bytes);
std::string repair_utf8(std::string_view bytes);

// Characters (code points), an ill-formed subpart counting as one.
std::size_t count_characters(std::string_view bytes);

// The longest prefix of at most `bytes_max` bytes that does not end inside a character.
std::string_view utf8_prefix(std::string_view bytes, std::size_t bytes_max);

}  // namespace handsel

// What single characters become when a text is folded (step 1 in analyzer.h), by ICU.
//
// Pure functions, any thread; some hundred nanoseconds each, so that callers remember
// what they were told.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace handsel::text::internal {

enum class Accents : std::uint8_t { kDropped, kKept };

// Letters, digits and marks: what words are made of.
bool is_word_character(char32_t code);
// A letter or a digit: what a word begins with.
bool begins_word(char32_t code);

// False for marks and whatever else may combine with the character before it.
bool starts_segment(char32_t code);
// "1½" and "10²" are two numbers, which folding would run together.
bool parts_from_digit(char32_t code);

struct Folded {
  std::string bytes;
  // No character of which only ICU knows where its words end.
  bool simple = true;
};

// The folding of characters that may combine: the first starts a segment, the others do not.
Folded fold_segment(std::u32string_view segment, Accents accents);

}  // namespace handsel::text::internal

// How many edits lie between two words: insert, drop or replace a character, or swap
// two neighbours, no place edited twice (restricted Damerau-Levenshtein, also called
// optimal string alignment).
//
// Pure functions over code points; any thread, no allocation for words of up to
// kSpelledCharactersMax characters.
#pragma once

#include <cstddef>
#include <string_view>

namespace handsel::text {

inline constexpr std::size_t kSpelledCharactersMax = 32;

// The distance, or `max` + 1 where it is more. Looks at a band of 2 * max + 1 cells a
// character. Words of at most kSpelledCharactersMax characters.
std::size_t edit_distance(std::u32string_view a, std::u32string_view b, std::size_t max);

// The fewest edits between `word` and any word that begins with `prefix`, or less: a lower
// bound that lets all words with a hopeless beginning be passed over.
std::size_t edit_distance_bound(std::u32string_view prefix, std::u32string_view word, std::size_t max);

// What a slip from `meant` to `typed` costs in edits, where likely slips are cheaper:
// swapped neighbours, a letter doubled or undoubled, a neighbouring key (QWERTY), one
// vowel for another; and a wrong first letter, which is rare, costs more.
double slip_price(std::u32string_view meant, std::u32string_view typed);
inline constexpr double kCheapestSlip = 0.6;

}  // namespace handsel::text

// Queries that nobody asked, made from a listing that would answer them: a catalogue
// without any log teaches its own words that way.
//
// A query is a run of words of the title, a few of its words in any order, a tag or
// two, a kind of thing with one of its attributes, or words of the description; some
// lose words, and some get a typing error.
//
// Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/rng.h"
#include "facts/catalog/listing.h"

namespace handsel::models {

inline constexpr std::size_t kPseudoWordsMax = 6;
inline constexpr std::size_t kSourceDescriptionBytesMax = 400;
inline constexpr std::size_t kSourceKeywordsMax = 12;

// What pseudo-queries need of a listing, in a few hundred bytes.
struct PseudoSource {
  std::string title;
  std::string description;
  std::string language;
  std::vector<std::string> keywords;  // tags, materials, values of attributes
  std::vector<std::string> taxonomy;  // root to leaf
};

PseudoSource pseudo_source(const catalog::Listing& listing);

// Empty where the listing has no words.
std::string pseudo_query(const PseudoSource& source, Rng& rng);

// One letter less, one twice, or two swapped, in a word of five letters or more.
std::string with_typing_error(std::string_view word, Rng& rng);

}  // namespace handsel::models

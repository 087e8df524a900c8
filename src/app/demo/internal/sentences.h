// What sellers write: patterns for titles and descriptions, by voice and tongue.
// See grammar.h for the holes.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "app/demo/internal/grammar.h"

namespace handsel::demo {

enum class Voice : std::uint8_t { kTerse, kCareful, kChatty, kStuffed, kForeign };
inline constexpr std::size_t kVoices = 5;

// A description walks through these in order and takes a sentence or more of each.
enum class Topic : std::uint8_t { kOpening, kMaking, kStory, kDetails, kCare, kGift, kShipping };
inline constexpr std::size_t kTopics = 7;

struct Sentences {
  std::array<Bank, kVoices> titles;
  std::array<std::array<Bank, kTopics>, kVoices> topics;
};

// British and American first, then German, French, Spanish (which share one voice).
std::array<Sentences, kTongues> make_sentences();

// The files that hold the patterns: sentences_en.cc, sentences_abroad.cc.
Sentences english_sentences(bool american);
Sentences german_sentences();
Sentences french_sentences();
Sentences spanish_sentences();

}  // namespace handsel::demo

// The words that a marketplace is made of, in five tongues. Plain tables: a person
// who wants another colour adds a line. Positions are part of what a seed means, so
// lines are added at the end.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace handsel::demo {

enum class Tongue : std::uint8_t { kBritish, kAmerican, kGerman, kFrench, kSpanish };
inline constexpr std::size_t kTongues = 5;

// "en", "en", "de", "fr", "es".
std::string_view language_of(Tongue tongue);

struct Word {
  std::string_view british;
  std::string_view american;  // empty: as british
  std::string_view german;    // empty, here and below: the British word is used
  std::string_view french;
  std::string_view spanish;

  std::string_view in(Tongue tongue) const {
    const std::array<std::string_view, kTongues> words = {british, american, german, french, spanish};
    const std::string_view word = words[static_cast<std::size_t>(tongue)];
    return word.empty() ? british : word;
  }
};

// `token` names the thing in picture tokens (picture_words.h).
struct Colour {
  Word word;
  std::string_view token;
};
struct Style {
  Word word;
  std::string_view token;
  float popularity;
};
struct Motif {
  Word word;
  std::string_view token;
};
struct Occasion {
  Word word;
  std::int8_t month;  // 1..12 when it is asked for most; 0: all year
  float popularity;
};
struct Recipient {
  Word word;
  float popularity;
};

std::span<const Colour> colours();
std::span<const Style> styles();
std::span<const Motif> motifs();
std::span<const Occasion> occasions();
std::span<const Recipient> recipients();
std::span<const Word> materials();
std::span<const Word> techniques();

// The position of a British word in one of the tables above; -1 where it is not there.
int find_material(std::string_view british);
int find_technique(std::string_view british);

// Words of descriptions, English alone.
std::span<const std::string_view> adjectives();
std::span<const std::string_view> inspirations();  // "a walk along the estuary"
std::span<const std::string_view> rooms();         // "hallway"
std::span<const std::string_view> tools();         // "my grandmother's loom"
// Syllables that made-up names are put together from.
std::span<const std::string_view> name_starts();
std::span<const std::string_view> name_middles();
std::span<const std::string_view> name_ends();
// "Studio", "& Daughters": what stands behind a name on a shop's sign.
std::span<const std::string_view> shop_endings();
std::span<const std::string_view> shop_nouns();  // "Thistle", "Kiln"

struct Country {
  std::string_view code;
  std::string_view currency;
  Tongue tongue;
  float popularity;
  float latitude_deg;
  float longitude_deg;
  float spread_deg;
  std::string_view towns;  // separated by |
};
std::span<const Country> countries();

}  // namespace handsel::demo

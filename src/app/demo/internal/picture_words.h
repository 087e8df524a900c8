// The closed lists behind picture tokens: what may be painted, and in which colours.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace handsel::demo {

struct Rgb {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
};
constexpr Rgb rgb(std::uint32_t hex) {
  return {static_cast<std::uint8_t>(hex >> 16), static_cast<std::uint8_t>(hex >> 8), static_cast<std::uint8_t>(hex)};
}
// 0: all `a`, 1: all `b`.
Rgb mix(Rgb a, Rgb b, double share);
// 0: black, 1: white, as eyes see it.
double lightness(Rgb colour);

struct PaletteRow {
  std::string_view name;  // Colour::token of words.h
  Rgb main;
  Rgb accent;
};
struct MoodRow {
  std::string_view name;  // Style::token of words.h
  Rgb wall;
  Rgb table;
  Rgb frame;
};

// Null where there is no such name.
const PaletteRow* find_palette(std::string_view name);
const MoodRow* find_mood(std::string_view name);

enum class Icon : std::uint8_t {
  kPlain,
  kFlower,
  kFern,
  kMoon,
  kMountain,
  kStripes,
  kArcs,
  kSun,
  kMushroom,
  kCat,
  kDog,
  kBee,
  kFox,
  kBird,
  kMoth,
  kHeart,
  kStar,
  kWaves,
  kRainbow,
  kDots,
  kChecks,
  kLeaf,
  kDaisy,
  kLemon,
  kBerry,
  kCactus,
  kFeather,
  kTree,
  kOwl,
  kHare,
  kWhale,
  kFish,
  kMandala,
  kTerrazzo,
  kPumpkin,
  kSnow,
  kBoat
};
const Icon* find_icon(std::string_view name);

class Canvas;
struct KindRow {
  std::string_view name;  // LeafSpec::picture
  void (*paint)(Canvas& canvas);
};
const KindRow* find_kind(std::string_view name);

// The kinds by the file that paints them: picture_*.cc.
std::span<const KindRow> table_kinds();
std::span<const KindRow> cloth_kinds();
std::span<const KindRow> wear_kinds();
std::span<const KindRow> jewel_kinds();
std::span<const KindRow> home_kinds();
std::span<const KindRow> play_kinds();

}  // namespace handsel::demo

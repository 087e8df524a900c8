#include "app/demo/internal/picture_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace handsel::demo {
namespace {

constexpr PaletteRow kPalettes[] = {
    {"white", rgb(0xf4f1ea), rgb(0x8a9a86)},    {"ivory", rgb(0xf0e6d2), rgb(0xb5835a)},
    {"cream", rgb(0xf3e4c4), rgb(0xc0714a)},    {"beige", rgb(0xdcc7a6), rgb(0x6f7f6a)},
    {"sand", rgb(0xd9bf94), rgb(0x3f6f78)},     {"oat", rgb(0xcdbb9d), rgb(0x9c5a3c)},
    {"brown", rgb(0x8a5a3c), rgb(0xe9c891)},    {"choco", rgb(0x5b3a2b), rgb(0xd99a6c)},
    {"black", rgb(0x2b2a2d), rgb(0xd9b36c)},    {"charcoal", rgb(0x4a4c52), rgb(0xe0a458)},
    {"grey", rgb(0x9a9c9f), rgb(0xe3b23c)},     {"silver", rgb(0xbfc4c9), rgb(0x4f6d8f)},
    {"gold", rgb(0xcfa24a), rgb(0x5c3d52)},     {"copper", rgb(0xb9704a), rgb(0x2f5d62)},
    {"rust", rgb(0xb1512e), rgb(0xf0c987)},     {"terra", rgb(0xc8704f), rgb(0x5b7b6f)},
    {"orange", rgb(0xe08a3c), rgb(0x2f5d73)},   {"mustard", rgb(0xd6a130), rgb(0x59405c)},
    {"yellow", rgb(0xefc94c), rgb(0x3d6b8c)},   {"sage", rgb(0x9caf88), rgb(0xc9785d)},
    {"olive", rgb(0x7d8146), rgb(0xe6c79c)},    {"green", rgb(0x5b9a5f), rgb(0xf2d16b)},
    {"forest", rgb(0x2f5d46), rgb(0xe2b45c)},   {"emerald", rgb(0x1f8a6b), rgb(0xf0c6a0)},
    {"mint", rgb(0xa9d8c2), rgb(0xe5837a)},     {"teal", rgb(0x2b7a7b), rgb(0xf0b67f)},
    {"turquois", rgb(0x45b5b0), rgb(0xf6d186)}, {"sky", rgb(0x94c5e3), rgb(0xe98f6f)},
    {"blue", rgb(0x4a7fb5), rgb(0xf3c66b)},     {"navy", rgb(0x2c3e63), rgb(0xe4b87a)},
    {"indigo", rgb(0x45468a), rgb(0xe8b4a0)},   {"lavender", rgb(0xb9a7d6), rgb(0x6b8e6e)},
    {"purple", rgb(0x7d539a), rgb(0xf0cd7f)},   {"plum", rgb(0x6d3a5a), rgb(0xe0ab8b)},
    {"pink", rgb(0xe79bb0), rgb(0x5d8a82)},     {"blush", rgb(0xeac4b8), rgb(0x9a5b5b)},
    {"coral", rgb(0xe97f68), rgb(0x356a72)},    {"red", rgb(0xc23b3b), rgb(0xf4d8a8)},
    {"burgundy", rgb(0x742b3a), rgb(0xdcae7c)}, {"multi", rgb(0xe08e6d), rgb(0x4f8f8b)},
};

constexpr MoodRow kMoods[] = {
    {"boho", rgb(0xf1e2cf), rgb(0xc39a6b), rgb(0xb98c5d)},
    {"minimal", rgb(0xeeece7), rgb(0xd8d3c9), rgb(0x33322f)},
    {"rustic", rgb(0xe4d6c2), rgb(0x8b6440), rgb(0x6f4c2f)},
    {"vintage", rgb(0xe9dcc3), rgb(0x9a7650), rgb(0x7d5a36)},
    {"farm", rgb(0xf0ece2), rgb(0xb99c78), rgb(0xd9d2c4)},
    {"midcent", rgb(0xe5d9b9), rgb(0xa9713f), rgb(0x7a4a28)},
    {"scandi", rgb(0xe9edea), rgb(0xdcc6a2), rgb(0xd8bd92)},
    {"cottage", rgb(0xf3e7df), rgb(0xc9a986), rgb(0xf6f0e6)},
    {"gothic", rgb(0x4b454e), rgb(0x2c2629), rgb(0x1d1a1c)},
    {"artdeco", rgb(0x2f4a4c), rgb(0x1d2b30), rgb(0xc49a4a)},
    {"coastal", rgb(0xe3edf0), rgb(0xcdbfa6), rgb(0xf4f1ea)},
    {"folk", rgb(0xf2e3c6), rgb(0xa7653c), rgb(0x8c3b2e)},
    {"industry", rgb(0xb9b6b1), rgb(0x6a5a4c), rgb(0x2d2d2f)},
    {"japandi", rgb(0xe6dfd3), rgb(0xa88863), rgb(0x4b3a2b)},
    {"kawaii", rgb(0xfbe6ea), rgb(0xf3cfd6), rgb(0xffffff)},
    {"celest", rgb(0x343a5e), rgb(0x232741), rgb(0xcfae6b)},
    {"botanic", rgb(0xe6ecdf), rgb(0xb3926a), rgb(0xa98458)},
    {"abstract", rgb(0xf0e7db), rgb(0xcdb9a1), rgb(0x2e2a28)},
    {"retro", rgb(0xf3dcae), rgb(0xb7703f), rgb(0x8a4a2a)},
    {"victoria", rgb(0xb7a6a0), rgb(0x5c3b32), rgb(0xb08a45)},
    {"academia", rgb(0x6a5544), rgb(0x3c2c22), rgb(0x8f6b35)},
    {"fairy", rgb(0xefe6f2), rgb(0xcdb9d8), rgb(0xe9d9ee)},
};

// In the order of Icon.
constexpr std::string_view kIcons[] = {
    "plain",  "flower", "fern",    "moon",     "mountain", "stripes", "arcs",    "sun",   "mushroom", "cat",
    "dog",    "bee",    "fox",     "bird",     "moth",     "heart",   "star",    "waves", "rainbow",  "dots",
    "checks", "leaf",   "daisy",   "lemon",    "berry",    "cactus",  "feather", "tree",  "owl",      "hare",
    "whale",  "fish",   "mandala", "terrazzo", "pumpkin",  "snow",    "boat"};
static_assert(std::size(kIcons) == static_cast<std::size_t>(Icon::kBoat) + 1);

constexpr auto kIconValues = [] {
  std::array<Icon, std::size(kIcons)> values{};
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<Icon>(i);
  return values;
}();

template <typename Row>
const Row* find_named(std::span<const Row> rows, std::string_view name) {
  const auto found = std::ranges::find(rows, name, &Row::name);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

Rgb mix(Rgb a, Rgb b, double share) {
  const auto blend = [&](std::uint8_t from, std::uint8_t to) {
    return static_cast<std::uint8_t>(std::lround(from + (to - from) * share));
  };
  return {blend(a.red, b.red), blend(a.green, b.green), blend(a.blue, b.blue)};
}

double lightness(Rgb colour) {
  return (0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue) / 255;
}

const PaletteRow* find_palette(std::string_view name) {
  return find_named(std::span<const PaletteRow>(kPalettes), name);
}
const MoodRow* find_mood(std::string_view name) {
  return find_named(std::span<const MoodRow>(kMoods), name);
}

const Icon* find_icon(std::string_view name) {
  const auto* found = std::ranges::find(kIcons, name);
  return found == std::end(kIcons) ? nullptr : &kIconValues[static_cast<std::size_t>(found - kIcons)];
}

const KindRow* find_kind(std::string_view name) {
  for (const auto rows : {table_kinds(), cloth_kinds(), wear_kinds(), jewel_kinds(), home_kinds(), play_kinds()}) {
    if (const KindRow* found = find_named(rows, name)) return found;
  }
  return nullptr;
}

}  // namespace handsel::demo

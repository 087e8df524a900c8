// The taxonomy: what the marketplace sells, and what it costs.
//
// One row a leaf. Lists in a row are separated by | and begin with the most
// common. Positions are part of what a seed means: rows are added at the end of
// their root.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace handsel::demo {

// How sizes are written.
enum class Chart : std::uint8_t {
  kNone,
  kClothes,
  kChild,
  kBaby,
  kRing,
  kNecklace,
  kPrint,
  kSmall,
  kMedium,
  kLarge,
  kVolume,
  kWeight,
  kPack,
  kPet,
  kShoe,
  kCloth
};

struct LeafSpec {
  std::string_view branch;
  std::string_view leaf;
  std::string_view products;    // British English: "apron|pinafore"
  std::string_view abroad;      // German|French|Spanish, one noun each
  std::string_view materials;   // of materials() in words.h
  std::string_view techniques;  // of techniques() in words.h
  float price;                  // median, in units of the shop's currency
  float price_spread;           // standard deviation of the logarithm
  Chart chart;
  std::string_view picture;  // kind of picture_words.h
  std::uint8_t popularity;   // 1..10
};

struct RootSpec {
  std::string_view name;
  std::uint8_t popularity;  // 1..20
  std::span<const LeafSpec> leaves;
};

std::span<const RootSpec> roots();

// The files that hold the rows: leaves_home.cc, leaves_wear.cc, leaves_craft.cc.
std::span<const RootSpec> home_roots();
std::span<const RootSpec> wear_roots();
std::span<const RootSpec> craft_roots();

}  // namespace handsel::demo

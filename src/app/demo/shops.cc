#include <algorithm>
#include <cmath>

#include "app/demo/internal/world.h"

namespace handsel::demo {
namespace {

// How likely each voice is; sellers abroad who write English write like foreigners.
constexpr float kVoiceWeights[kVoices] = {18, 30, 22, 22, 8};
constexpr float kMistakes[kVoices] = {0.4f, 0.05f, 1.2f, 1.0f, 2.0f};  // in a hundred words

Voice draw_voice(const Country& country, Rng& rng) {
  const bool writes_abroad =
      country.tongue == Tongue::kBritish && country.code != "GB" && country.code != "IE" && country.code != "AU";
  if (writes_abroad && rng.chance(0.75)) return Voice::kForeign;
  static const WeightedPick kPick{kVoiceWeights};
  return static_cast<Voice>(kPick(rng));
}

// A few leaves, mostly near each other: a potter sells mugs, bowls and vases.
std::array<std::int16_t, 4> draw_leaves(const Vocabulary& vocabulary, Rng& rng) {
  std::array<std::int16_t, 4> leaves;
  leaves[0] = vocabulary.pick_leaf(rng);
  for (std::size_t i = 1; i < leaves.size(); ++i) {
    leaves[i] = leaves[0];
    for (int tries = 0; tries < 8; ++tries) {
      const std::int16_t other = vocabulary.pick_leaf(rng);
      const bool near = vocabulary.leaves[other].root == vocabulary.leaves[leaves[0]].root;
      if (near || rng.chance(0.03)) {
        leaves[i] = other;
        break;
      }
    }
  }
  return leaves;
}

Rng shop_stream(const World& world, std::uint64_t shop, std::uint64_t part) {
  return world.shops.split(shop).split(part);
}

}  // namespace

ShopTraits shop_traits(const World& world, std::uint64_t shop) {
  Rng rng = world.shops.split(shop);
  ShopTraits traits;
  traits.country = world.vocabulary.pick_country(rng);
  const Country& country = countries()[traits.country];
  traits.tongue = country.tongue;
  // Some sell abroad in English.
  if (traits.tongue > Tongue::kAmerican && rng.chance(0.35)) traits.tongue = Tongue::kBritish;
  traits.voice = draw_voice(country, rng);
  traits.leaves = draw_leaves(world.vocabulary, rng);
  for (auto& colour : traits.colours) colour = static_cast<std::int16_t>(rng.below(colours().size()));
  for (auto& style : traits.styles) style = world.vocabulary.pick_style(rng);
  traits.quality = static_cast<float>(std::clamp(0.6 + 0.18 * rng.normal(), 0.05, 0.98));
  traits.price_level = static_cast<float>(0.6 * rng.normal() + 1.2 * (traits.quality - 0.6));
  traits.mistakes = kMistakes[static_cast<std::size_t>(traits.voice)] * static_cast<float>(2 * rng.uniform());
  traits.words = rng();
  return traits;
}

std::string shop_name(const World& world, std::uint64_t shop, const ShopTraits& traits) {
  Rng rng(traits.words);
  const bool invented = rng.chance(0.7);
  std::string name;
  append_title_case(invented ? invented_word(shop % 3 == 0 ? rng.below(4'000'000) : zipf_rank(rng, 4e6))
                             : std::string(rng.pick(shop_nouns())),
                    name);
  if (!invented && rng.chance(0.6)) {
    name += " & ";
    name += rng.pick(shop_nouns());
  }
  if (rng.chance(0.25)) {
    name += ' ';
    name += shop_town(world, shop, traits);
  }
  if (rng.chance(0.7)) {
    name += ' ';
    name += rng.pick(shop_endings());
  }
  return name;
}

std::string_view shop_town(const World& world, std::uint64_t shop, const ShopTraits& traits) {
  Rng rng = shop_stream(world, shop, 1);
  std::string_view towns = countries()[traits.country].towns;
  const auto count = static_cast<std::uint64_t>(std::ranges::count(towns, '|')) + 1;
  for (std::uint64_t skip = rng.below(count); skip > 0; --skip) towns.remove_prefix(towns.find('|') + 1);
  return towns.substr(0, towns.find('|'));
}

catalog::GeoPoint shop_place(const World& world, std::uint64_t shop, const ShopTraits& traits) {
  Rng rng = shop_stream(world, shop, 2);
  const Country& country = countries()[traits.country];
  const auto near = [&](float centre) {
    const double degrees = centre + country.spread_deg * std::clamp(rng.normal(), -2.0, 2.0);
    return std::round(degrees * 1000) / 1000;
  };
  const double latitude = near(country.latitude_deg);
  return {.latitude_deg = latitude, .longitude_deg = near(country.longitude_deg)};
}

catalog::Shop make_shop(const World& world, std::uint64_t shop) {
  const ShopTraits traits = shop_traits(world, shop);
  Rng rng = shop_stream(world, shop, 3);
  const Leaf& leaf = world.vocabulary.leaves[traits.leaves[0]];
  catalog::Shop made;
  made.id = numbered_id('S', shop);
  made.name = shop_name(world, shop, traits);
  append_title_case(leaf.product(0, traits.tongue), made.title);
  made.title += " & ";
  append_title_case(world.vocabulary.leaves[traits.leaves[1]].product(0, traits.tongue), made.title);
  made.announcement = made.name + ", " + std::string(shop_town(world, shop, traits));
  made.country = countries()[traits.country].code;
  made.currency = countries()[traits.country].currency;
  made.location = shop_place(world, shop, traits);
  made.created_ms = world.options.now_ms - 86'400'000 * rng.between(100, 3'000);
  made.sales_count = static_cast<std::int64_t>(std::exp(3.5 + 1.6 * rng.normal() + 2 * (traits.quality - 0.5)));
  made.favourites_count = static_cast<std::int64_t>(static_cast<double>(made.sales_count) * (0.3 + rng.uniform()));
  made.rating_count = made.sales_count / 5;
  if (made.rating_count > 0) made.rating = std::round((3.6 + 1.4 * traits.quality) * 10) / 10;
  made.on_vacation = rng.chance(0.02);
  return made;
}

}  // namespace handsel::demo

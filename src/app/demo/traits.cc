#include <algorithm>

#include "app/demo/internal/world.h"

namespace handsel::demo {
namespace {

// A few shops are large: the share of shop s falls off like 1 / sqrt(s).
std::uint64_t draw_shop(const World& world, Rng& rng) {
  const double u = rng.uniform();
  return static_cast<std::uint64_t>(u * u * static_cast<double>(world.options.shops));
}

std::int16_t draw_size(const Leaf& leaf, Rng& rng) {
  const std::size_t count = sizes(leaf.spec->chart).size();
  return count == 0 ? std::int16_t{kAny} : static_cast<std::int16_t>(rng.below(count));
}

}  // namespace

Traits listing_traits(const World& world, std::uint64_t number) {
  const Vocabulary& vocabulary = world.vocabulary;
  Rng rng = world.listings.split(number);
  Traits traits;
  traits.shop = draw_shop(world, rng);
  const ShopTraits shop = shop_traits(world, traits.shop);

  traits.leaf = rng.chance(0.88) ? shop.leaves[rng.below(shop.leaves.size())] : vocabulary.pick_leaf(rng);
  const Leaf& leaf = vocabulary.leaves[traits.leaf];
  traits.product = skewed(rng, leaf.products[0].size(), 1.7);
  traits.material = leaf.materials[skewed(rng, leaf.materials.size(), 1.4)];
  traits.technique = leaf.techniques[skewed(rng, leaf.techniques.size(), 1.4)];
  traits.colour = rng.chance(0.5) ? shop.colours[rng.below(shop.colours.size())]
                                  : static_cast<std::int16_t>(rng.below(colours().size()));
  traits.style = rng.chance(0.65) ? shop.styles[rng.below(shop.styles.size())] : vocabulary.pick_style(rng);
  traits.motif = rng.chance(0.35) ? std::int16_t{0} : skewed(rng, motifs().size(), 1.3);
  traits.size = draw_size(leaf, rng);
  if (rng.chance(0.35)) traits.occasion = vocabulary.pick_occasion(rng);
  if (rng.chance(0.4)) traits.recipient = vocabulary.pick_recipient(rng);
  traits.personalizable = rng.chance(0.22);
  traits.quality = static_cast<float>(std::clamp(shop.quality + 0.12 * rng.normal(), 0.02, 1.0));
  traits.price_level = static_cast<float>(shop.price_level + 0.7 * rng.normal());
  return traits;
}

}  // namespace handsel::demo

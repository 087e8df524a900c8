#include <algorithm>
#include <cmath>

#include "app/demo/internal/listing_text.h"
#include "app/demo/internal/world.h"

namespace handsel::demo {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

// Attributes are chosen from a form, so they are in British English whatever the
// shop speaks; people skip fields.
void add_attributes(const World& world, const Traits& traits, Rng& rng, catalog::Listing& out) {
  const auto add = [&](std::string_view name, std::string_view value, double chance) {
    if (!value.empty() && rng.chance(chance)) out.attributes.push_back({std::string(name), std::string(value)});
  };
  const Leaf& leaf = world.vocabulary.leaves[traits.leaf];
  out.attributes.reserve(7);
  add("color", colours()[traits.colour].word.british, 0.9);
  add("style", styles()[traits.style].word.british, 0.75);
  add("occasion", traits.occasion == kAny ? "" : occasions()[traits.occasion].word.british, 0.85);
  add("recipient", traits.recipient == kAny ? "" : recipients()[traits.recipient].word.british, 0.8);
  add("motif", traits.motif == 0 ? "" : motifs()[traits.motif].word.british, 0.6);
  add("technique", techniques()[traits.technique].british, 0.5);
  add("size", traits.size == kAny ? "" : sizes(leaf.spec->chart)[traits.size], 0.85);
}

// Whole units with an ending that sellers like: 12.00, 12.50, 12.95.
std::int64_t price_cents(const Leaf& leaf, float level, Rng& rng) {
  const double price = std::exp(leaf.log_price + leaf.spec->price_spread * level);
  const auto whole = static_cast<std::int64_t>(std::max(1.0, std::round(price)));
  constexpr std::int64_t kEndings[] = {0, 0, 50, 95, 99};
  return whole * 100 + kEndings[rng.below(std::size(kEndings))];
}

// Words of a token that are not known to the painter would make no picture, so they
// come from the tables alone.
std::string picture_url(const Leaf& leaf, const Traits& traits, std::uint64_t seed) {
  constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string url = "/pictures/";
  url.append(leaf.spec->picture).append(1, '-').append(motifs()[traits.motif].token).append(1, '-');
  url.append(colours()[traits.colour].token).append(1, '-').append(styles()[traits.style].token).append(1, '-');
  for (int digit = 0; digit < 4; ++digit, seed /= 36) url += kDigits[seed % 36];
  return url += ".svg";
}

void add_images(const Leaf& leaf, const Traits& traits, const ShopTraits& shop, Rng& rng, catalog::Listing& out) {
  const auto count = 1 + rng.below(shop.voice == Voice::kTerse ? 2 : 4);
  out.images.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    catalog::Image image;
    image.url = picture_url(leaf, traits, rng());
    if (shop.voice == Voice::kCareful) image.alt_text = out.title;
    out.images.push_back(std::move(image));
  }
}

// Better work is liked more, and a few pieces are liked far more: a log-normal tail.
void add_popularity(const Traits& traits, std::int64_t age_days, Rng& rng, catalog::Listing& out) {
  const double fame =
      1.5 * rng.normal() + 3.0 * (traits.quality - 0.5) + 0.4 * std::log(1.0 + static_cast<double>(age_days) / 30.0);
  out.favourites_count = static_cast<std::int64_t>(std::exp(std::min(fame + 1.0, 11.0)));
  out.rating_count = static_cast<std::int64_t>(std::exp(std::min(fame + 0.5 * rng.normal() - 0.6, 10.0)));
  if (out.rating_count == 0) return;
  const double noise = 0.5 * rng.normal() / std::sqrt(static_cast<double>(out.rating_count));
  out.rating = std::round(std::clamp(3.3 + 1.7 * traits.quality + noise, 1.0, 5.0) * 10) / 10;
}

void add_stock(const Leaf& leaf, Rng& rng, catalog::Listing& out) {
  const bool download = leaf.spec->materials.contains("digital file") && out.materials.front() == "digital file";
  out.listing_type = download ? "download" : "physical";
  out.quantity = download ? 999 : 1 + static_cast<std::int64_t>(zipf_rank(rng, 60));
  const double fate = rng.uniform();
  if (fate < 0.02 && !download) {
    out.state = catalog::ListingState::kSoldOut;
    out.quantity = 0;
  } else if (fate < 0.03) {
    out.state = catalog::ListingState::kInactive;
  }
}

}  // namespace

catalog::Listing make_listing(const World& world, std::uint64_t number) {
  const Traits traits = listing_traits(world, number);
  const ShopTraits shop = shop_traits(world, traits.shop);
  const Leaf& leaf = world.vocabulary.leaves[traits.leaf];
  const Country& country = countries()[shop.country];
  Rng rng = world.prose.split(number);

  catalog::Listing out;
  out.id = numbered_id('L', number);
  out.shop_id = numbered_id('S', traits.shop);
  out.shop_name = shop_name(world, traits.shop, shop);
  out.url = "/#/listing/" + out.id;
  out.language = language_of(shop.tongue);
  out.taxonomy_path = leaf.path;
  out.materials.emplace_back(materials()[traits.material].british);
  if (rng.chance(0.3)) {
    const std::string_view second = materials()[leaf.materials[rng.below(leaf.materials.size())]].british;
    if (second != out.materials.front()) out.materials.emplace_back(second);
  }
  ListingWriter writer(world, traits, shop, out.shop_name, rng);
  out.title = writer.title();
  out.description = writer.description();
  out.tags = writer.tags();
  add_attributes(world, traits, rng, out);
  out.price_cents = price_cents(leaf, traits.price_level, rng);
  out.currency = country.currency;
  out.ships_from = country.code;
  out.personalizable = traits.personalizable;
  out.location = shop_place(world, traits.shop, shop);
  add_images(leaf, traits, shop, rng, out);
  const std::int64_t age_days = 1 + static_cast<std::int64_t>(zipf_rank(rng, 1'500));
  add_popularity(traits, age_days, rng, out);
  add_stock(leaf, rng, out);
  out.created_ms = world.options.now_ms - world.options.history_ms - age_days * kDayMs;
  out.updated_ms = out.created_ms + rng.between(0, age_days) * kDayMs;
  return out;
}

}  // namespace handsel::demo

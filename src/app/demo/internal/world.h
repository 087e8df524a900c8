// What the parts of the generator share: the options, the vocabulary, and one
// stream of randomness for each kind of thing, so that drawing more of one never
// changes another.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "app/demo/demo.h"
#include "app/demo/internal/sentences.h"
#include "app/demo/internal/vocabulary.h"
#include "base/core/rng.h"

namespace handsel::demo {

struct World {
  explicit World(const DemoOptions& filled_in);

  const DemoOptions options;
  const Vocabulary vocabulary;
  const std::array<Sentences, kTongues> sentences;
  // Split by number. Adding a stream here changes no other.
  const Rng shops;
  const Rng listings;
  const Rng prose;
  const Rng buyers;
  const Rng queries;
  const Rng sessions;
};

// What a shop really is.
struct ShopTraits {
  std::int16_t country = 0;
  Tongue tongue = Tongue::kBritish;
  Voice voice = Voice::kCareful;
  std::array<std::int16_t, 4> leaves{};  // what it mostly sells; may repeat
  std::array<std::int16_t, 3> colours{};
  std::array<std::int16_t, 2> styles{};
  float quality = 0;        // 0..1
  float price_level = 0;    // standard normal
  float mistakes = 0;       // spelling mistakes in a hundred words
  std::uint64_t words = 0;  // seeds the name
};

ShopTraits shop_traits(const World& world, std::uint64_t shop);
std::string shop_name(const World& world, std::uint64_t shop, const ShopTraits& traits);
catalog::Shop make_shop(const World& world, std::uint64_t shop);
std::string_view shop_town(const World& world, std::uint64_t shop, const ShopTraits& traits);
catalog::GeoPoint shop_place(const World& world, std::uint64_t shop, const ShopTraits& traits);

Traits listing_traits(const World& world, std::uint64_t number);
catalog::Listing make_listing(const World& world, std::uint64_t number);

// A rank of popularity, by the Zipf law of the options.
std::uint64_t draw_rank(const World& world, Rng& rng);
Query make_query(const World& world, std::uint64_t rank);
Taste buyer_taste(const World& world, std::uint64_t buyer);

double relevance_of(const World& world, const Intent& intent, const Traits& traits);
double attraction_of(const World& world, const Taste& buyer, const Intent& intent, const Traits& traits);

double examination_of(const World& world, std::size_t position);

class PlantedTests;
// What sessions meet, and who hears of them.
struct Surroundings {
  const Ranker& rank;
  const EventSink& sink;
  PlantedTests& tests;
};
Result<void> run_sessions(const World& world, std::uint64_t count, const Surroundings& around);
Ranker make_noisy_ranker(const World& world, std::uint64_t noise_seed);

// An evenly spaced sample of the listings: how many, and the number of the i-th.
inline constexpr std::uint64_t kSampleMax = 100'000;
std::uint64_t sample_size(const DemoOptions& filled_in);
std::uint64_t sampled_listing(const DemoOptions& filled_in, std::uint64_t i);

// "L17" and so on.
std::string numbered_id(char letter, std::uint64_t number);

}  // namespace handsel::demo

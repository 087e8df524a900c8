// What people type. A query begins with a listing of the catalogue and names some
// of its traits, so that every query has an answer.
#include <algorithm>
#include <cmath>

#include "app/demo/internal/spelling.h"
#include "app/demo/internal/world.h"

namespace handsel::demo {
namespace {

// What may be asked beside the thing itself.
enum class Ask : std::uint8_t { kMaterial, kColour, kStyle, kMotif, kTechnique, kRecipient, kOccasion, kPersonal };
constexpr float kAskWeights[] = {24, 20, 18, 16, 8, 16, 14, 8};

constexpr float kTongueWeights[kTongues] = {40, 48, 5, 4, 3};

// Head queries are short, tail queries long.
std::size_t asks_for(std::uint64_t rank, std::uint64_t ranks, Rng& rng) {
  const double depth = static_cast<double>(rank) / static_cast<double>(ranks);
  if (depth < 0.002) return rng.below(2);
  if (depth < 0.05) return rng.below(3);
  return 1 + rng.below(3);
}

// Puts one trait of the listing into the intent. False where the listing has none.
bool ask(Ask what, const Traits& traits, Intent& intent) {
  const auto take = [](std::int16_t& slot, std::int16_t value, bool known) {
    if (!known || slot != kAny) return false;
    slot = value;
    return true;
  };
  switch (what) {
    case Ask::kMaterial:
      return take(intent.material, traits.material, true);
    case Ask::kColour:
      return take(intent.colour, traits.colour, true);
    case Ask::kStyle:
      return take(intent.style, traits.style, true);
    case Ask::kMotif:
      return take(intent.motif, traits.motif, traits.motif != 0);
    case Ask::kTechnique:
      return take(intent.technique, traits.technique, true);
    case Ask::kRecipient:
      return take(intent.recipient, traits.recipient, traits.recipient != kAny);
    case Ask::kOccasion:
      return take(intent.occasion, traits.occasion, traits.occasion != kAny);
    case Ask::kPersonal: {
      if (!traits.personalizable || intent.personalizable) return false;
      return intent.personalizable = true;
    }
  }
  return false;
}

void put(std::string& text, std::string_view word) {
  if (word.empty()) return;
  if (!text.empty()) text += ' ';
  text += word;
}

// "personalised sage linen fox apron for mum", in the order that English has.
std::string english_text(const World& world, const Intent& intent, Tongue tongue, Rng& rng) {
  std::string text;
  if (intent.personalizable) put(text, tongue == Tongue::kAmerican ? "personalized" : "personalised");
  if (intent.style != kAny) put(text, styles()[intent.style].word.in(tongue));
  if (intent.colour != kAny) put(text, colours()[intent.colour].word.in(tongue));
  if (intent.technique != kAny) put(text, techniques()[intent.technique].in(tongue));
  if (intent.material != kAny) put(text, materials()[intent.material].in(tongue));
  if (intent.motif != kAny) put(text, motifs()[intent.motif].word.in(tongue));
  const bool recipient_first = intent.recipient != kAny && rng.chance(0.4);
  if (intent.occasion != kAny) put(text, occasions()[intent.occasion].word.in(tongue));
  if (recipient_first) put(text, recipients()[intent.recipient].word.in(tongue));
  if (intent.leaf != kAny) {
    const Leaf& leaf = world.vocabulary.leaves[intent.leaf];
    const std::size_t dialect = tongue == Tongue::kAmerican ? 1 : 0;
    const auto& nouns = rng.chance(0.3) ? leaf.plurals[dialect] : leaf.products[dialect];
    put(text, nouns[intent.product]);
  } else {
    put(text, "gift");
  }
  if (intent.recipient != kAny && !recipient_first) {
    put(text, "for");
    put(text, recipients()[intent.recipient].word.in(tongue));
  }
  return text;
}

// Noun first, then what it is like: close enough to what people type.
std::string foreign_text(const World& world, const Intent& intent, Tongue tongue) {
  static constexpr std::string_view kGift[kTongues] = {"gift", "gift", "Geschenk", "cadeau", "regalo"};
  std::string text;
  put(text, intent.leaf == kAny ? kGift[static_cast<std::size_t>(tongue)]
                                : world.vocabulary.leaves[intent.leaf].product(0, tongue));
  if (intent.material != kAny) put(text, materials()[intent.material].in(tongue));
  if (intent.technique != kAny) put(text, techniques()[intent.technique].in(tongue));
  if (intent.motif != kAny) put(text, motifs()[intent.motif].word.in(tongue));
  if (intent.colour != kAny) put(text, colours()[intent.colour].word.in(tongue));
  if (intent.style != kAny) put(text, styles()[intent.style].word.in(tongue));
  if (intent.occasion != kAny) put(text, occasions()[intent.occasion].word.in(tongue));
  if (intent.recipient != kAny) put(text, recipients()[intent.recipient].word.in(tongue));
  return text;
}

void to_lower(std::string& text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

}  // namespace

// The continuous law with the same exponent, cut into ranks: one draw and one
// power, however many queries there are.
std::uint64_t draw_rank(const World& world, Rng& rng) {
  const double ranks = static_cast<double>(world.options.distinct_queries);
  const double power = 1 - world.options.query_zipf;
  const double u = rng.uniform();
  const double at = std::abs(power) < 1e-9 ? std::exp(u * std::log(ranks + 1))
                                           : std::pow(1 + u * (std::pow(ranks + 1, power) - 1), 1 / power);
  return std::min(static_cast<std::uint64_t>(at) - 1, world.options.distinct_queries - 1);
}

Query make_query(const World& world, std::uint64_t rank) {
  static const WeightedPick kPickTongue{kTongueWeights};
  static const WeightedPick kPickAsk{kAskWeights};
  Rng rng = world.queries.split(rank);
  const Traits traits = listing_traits(world, rng.below(world.options.listings));
  const auto tongue = static_cast<Tongue>(kPickTongue(rng));
  const bool english = tongue <= Tongue::kAmerican;

  Query query;
  query.language = language_of(tongue);
  Intent& intent = query.intent;
  // A few look for a present, whatever it is.
  const bool present = traits.recipient != kAny && rng.chance(0.06);
  if (present) {
    intent.recipient = traits.recipient;
  } else {
    intent.leaf = traits.leaf;
    intent.product = english ? traits.product : kAny;  // other tongues have one noun for the leaf
  }
  std::size_t asks = asks_for(rank, world.options.distinct_queries, rng);
  for (int tries = 0; tries < 12 && asks > 0; ++tries) {
    const Ask what = static_cast<Ask>(kPickAsk(rng));
    if (what == Ask::kPersonal && !english) continue;
    if (ask(what, traits, intent)) --asks;
  }
  query.text = english ? english_text(world, intent, tongue, rng) : foreign_text(world, intent, tongue);
  if (rng.chance(0.85)) to_lower(query.text);
  query.misspelt = rng.chance(0.07) && misspell(query.text, rng);
  return query;
}

}  // namespace handsel::demo

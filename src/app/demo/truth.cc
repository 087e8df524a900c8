// Who wants what, and what serves them.
#include <algorithm>
#include <cmath>

#include "app/demo/internal/world.h"

namespace handsel::demo {
namespace {

// What a listing is worth to somebody who asked for another thing nearby.
constexpr double kSameLeaf = 0.6;
constexpr double kSameBranch = 0.3;
constexpr double kSameRoot = 0.1;
// A mug made for nobody in particular is not a bad present for a father.
constexpr double kNeutral = 0.4;

double kinship(const Vocabulary& vocabulary, const Intent& intent, const Traits& traits) {
  if (intent.leaf == kAny) return 1;
  if (intent.leaf == traits.leaf) {
    return intent.product == kAny || intent.product == traits.product ? 1 : kSameLeaf;
  }
  const Leaf& asked = vocabulary.leaves[intent.leaf];
  const Leaf& given = vocabulary.leaves[traits.leaf];
  if (asked.branch == given.branch) return kSameBranch;
  return asked.root == given.root ? kSameRoot : 0;
}

struct Score {
  double sum = 0;
  int asked = 0;

  void add(std::int16_t wanted, std::int16_t given, double neutral = 0) {
    if (wanted == kAny) return;
    ++asked;
    if (wanted == given)
      sum += 1;
    else if (given == kAny)
      sum += neutral;
  }
};

}  // namespace

double relevance_of(const World& world, const Intent& intent, const Traits& traits) {
  const double thing = kinship(world.vocabulary, intent, traits);
  Score score;
  score.add(intent.material, traits.material);
  score.add(intent.technique, traits.technique);
  score.add(intent.colour, traits.colour);
  score.add(intent.style, traits.style);
  score.add(intent.motif, traits.motif);
  score.add(intent.occasion, traits.occasion, kNeutral);
  score.add(intent.recipient, traits.recipient, kNeutral);
  if (intent.personalizable) score.add(1, traits.personalizable ? 1 : 0);
  if (score.asked == 0) return thing;
  const double share = score.sum / score.asked;
  // Somebody who named the thing is half served by it; somebody who only named what
  // it should be like is not.
  return thing * (intent.leaf == kAny ? share : 0.4 + 0.6 * share);
}

double attraction_of(const World& world, const Taste& buyer, const Intent& intent, const Traits& traits) {
  const double relevance = relevance_of(world, intent, traits);
  double appeal = 0.35;
  if (traits.style == buyer.style)
    appeal += 0.25;
  else if (traits.style == buyer.second_style)
    appeal += 0.12;
  if (traits.colour == buyer.colour) appeal += 0.08;
  if (buyer.recipient != kAny && traits.recipient == buyer.recipient) appeal += 0.07;
  const double price_gap = traits.price_level - buyer.price_level;
  appeal += 0.15 * std::exp(-0.5 * price_gap * price_gap);
  appeal += 0.1 * traits.quality;
  return std::clamp(0.01 + 0.85 * relevance * std::sqrt(relevance) * appeal, 0.0, 1.0);
}

double examination_of(const World& world, std::size_t position) {
  return std::pow(static_cast<double>(position) + 1, -world.options.examination_eta);
}

Taste buyer_taste(const World& world, std::uint64_t buyer) {
  Rng rng = world.buyers.split(buyer);
  const Vocabulary& vocabulary = world.vocabulary;
  Taste taste;
  taste.number = buyer;
  taste.tongue = static_cast<std::int16_t>(countries()[vocabulary.pick_country(rng)].tongue);
  taste.style = vocabulary.pick_style(rng);
  taste.second_style = vocabulary.pick_style(rng);
  taste.colour = static_cast<std::int16_t>(rng.below(colours().size()));
  taste.root = vocabulary.pick_root(rng);
  if (rng.chance(0.5)) taste.recipient = vocabulary.pick_recipient(rng);
  taste.price_level = static_cast<float>(0.8 * rng.normal());
  taste.patience = static_cast<float>(rng.uniform());
  return taste;
}

}  // namespace handsel::demo

#include "app/demo/internal/listing_text.h"

#include <algorithm>

#include "app/demo/internal/spelling.h"

namespace handsel::demo {
namespace {

struct VoiceHabits {
  double topic_chance;   // that a topic of a description is written about at all
  double second_chance;  // that a second sentence follows on the same topic
  std::size_t tags_min;
  std::size_t tags_max;
  bool title_case;  // "Linen Apron" rather than "Linen apron"
};
// Terse, careful, chatty, stuffed, foreign.
constexpr VoiceHabits kHabits[kVoices] = {
    {.topic_chance = 0.95, .second_chance = 0.75, .tags_min = 3, .tags_max = 7, .title_case = false},
    {.topic_chance = 0.9, .second_chance = 0.3, .tags_min = 7, .tags_max = 13, .title_case = false},
    {.topic_chance = 0.95, .second_chance = 0.25, .tags_min = 6, .tags_max = 12, .title_case = false},
    {.topic_chance = 0.85, .second_chance = 0.25, .tags_min = 12, .tags_max = 13, .title_case = true},
    {.topic_chance = 0.9, .second_chance = 0.3, .tags_min = 4, .tags_max = 10, .title_case = true},
};
constexpr double kSeriesWords = 3e6;  // how many names of series there may be
constexpr std::size_t kTagPatterns = 14;
constexpr std::size_t kDescriptionBytesUsual = 1'100;

const VoiceHabits& habits(Voice voice) {
  return kHabits[static_cast<std::size_t>(voice)];
}

std::string join(std::string_view a, std::string_view b) {
  std::string joined;
  joined.reserve(a.size() + b.size() + 1);
  return joined.append(a).append(1, ' ').append(b);
}

}  // namespace

ListingWriter::ListingWriter(const World& world, const Traits& traits, const ShopTraits& shop,
                             std::string_view shop_name, Rng& rng)
    : traits_(traits),
      shop_(shop),
      sentences_(world.sentences[static_cast<std::size_t>(shop.tongue)]),
      leaf_(world.vocabulary.leaves[traits.leaf]),
      rng_(rng) {
  const Tongue tongue = shop.tongue;
  const std::size_t dialect = tongue == Tongue::kAmerican ? 1 : 0;
  append_title_case(invented_word(zipf_rank(rng, kSeriesWords)), series_);
  number_ = std::to_string(1 + zipf_rank(rng, 400));
  days_ = std::to_string(rng.between(1, 14));
  town_ = shop_town(world, traits.shop, shop);
  const std::string_view product = leaf_.product(traits.product, tongue);
  words_.set(Slot::kProduct, product);
  words_.set(Slot::kProducts, tongue <= Tongue::kAmerican ? leaf_.plurals[dialect][traits.product] : product);
  words_.set(Slot::kMaterial, materials()[traits.material].in(tongue));
  words_.set(Slot::kTechnique, techniques()[traits.technique].in(tongue));
  words_.set(Slot::kColour, colours()[traits.colour].word.in(tongue));
  words_.set(Slot::kStyle, styles()[traits.style].word.in(tongue));
  words_.set(Slot::kLeaf, leaf_.spec->leaf);
  words_.set(Slot::kShop, shop_name);
  words_.set(Slot::kTown, town_);
  words_.set(Slot::kSeries, series_);
  words_.set(Slot::kNumber, number_);
  words_.set(Slot::kDays, days_);
  if (traits.motif != 0) words_.set(Slot::kMotif, motifs()[traits.motif].word.in(tongue));
  if (traits.size != kAny) words_.set(Slot::kSize, sizes(leaf_.spec->chart)[traits.size]);
  if (traits.occasion != kAny) words_.set(Slot::kOccasion, occasions()[traits.occasion].word.in(tongue));
  if (traits.recipient != kAny) words_.set(Slot::kRecipient, recipients()[traits.recipient].word.in(tongue));
}

std::string ListingWriter::title() {
  const Bank& bank = sentences_.titles[static_cast<std::size_t>(shop_.voice)];
  const Sentence* sentence = pick_fitting(bank, words_, rng_);
  std::string text;
  text.reserve(96);
  if (sentence == nullptr) {
    text = words_.words[static_cast<std::size_t>(Slot::kProduct)];
  } else {
    sentence->append(words_, rng_, text);
  }
  if (traits_.personalizable && shop_.tongue <= Tongue::kAmerican && rng_.chance(0.5)) {
    text.insert(0, shop_.tongue == Tongue::kAmerican ? "personalized " : "personalised ");
  }
  if (rng_.chance(shop_.mistakes * 0.08)) misspell(text, rng_);
  if (habits(shop_.voice).title_case && shop_.tongue <= Tongue::kAmerican) {
    std::string cased;
    cased.reserve(text.size());
    append_title_case(text, cased);
    return cased;
  }
  capitalise(text, 0);
  return text;
}

void ListingWriter::append_topic(std::size_t topic, std::string& out) {
  const Bank& bank = sentences_.topics[static_cast<std::size_t>(shop_.voice)][topic];
  const Sentence* sentence = pick_fitting(bank, words_, rng_);
  if (sentence == nullptr) return;
  if (!out.empty()) out += ' ';
  const std::size_t at = out.size();
  sentence->append(words_, rng_, out);
  capitalise(out, at);
  if (!rng_.chance(habits(shop_.voice).second_chance)) return;
  const Sentence* second = pick_fitting(bank, words_, rng_);
  if (second == nullptr || second == sentence) return;
  out += ' ';
  const std::size_t second_at = out.size();
  second->append(words_, rng_, out);
  capitalise(out, second_at);
}

std::string ListingWriter::description() {
  std::string text;
  text.reserve(kDescriptionBytesUsual);
  for (std::size_t topic = 0; topic < kTopics; ++topic) {
    const bool always = topic <= static_cast<std::size_t>(Topic::kMaking);
    if (always || rng_.chance(habits(shop_.voice).topic_chance)) append_topic(topic, text);
  }
  add_mistakes(text);
  return text;
}

void ListingWriter::add_mistakes(std::string& text) {
  const double words = static_cast<double>(text.size()) / 6.0;
  for (double expected = words * shop_.mistakes / 100.0; expected > 0; expected -= 1.0) {
    if (rng_.chance(std::min(expected, 1.0))) misspell(text, rng_);
  }
}

std::string ListingWriter::tag(std::size_t pattern) const {
  const auto word = [&](Slot slot) { return words_.words[static_cast<std::size_t>(slot)]; };
  const bool english = shop_.tongue <= Tongue::kAmerican;
  switch (pattern) {
    case 0:
      return std::string(word(Slot::kProduct));
    case 1:
      return join(word(Slot::kMaterial), word(Slot::kProduct));
    case 2:
      return join(word(Slot::kStyle), word(Slot::kProduct));
    case 3:
      return join(word(Slot::kColour), word(Slot::kProduct));
    case 4:
      return word(Slot::kMotif).empty() ? std::string(word(Slot::kColour)) : std::string(word(Slot::kMotif));
    case 5:
      return std::string(word(Slot::kTechnique));
    case 6:
      return word(Slot::kRecipient).empty() || !english ? std::string(word(Slot::kRecipient))
                                                        : join("gift for", word(Slot::kRecipient));
    case 7:
      return word(Slot::kOccasion).empty() || !english ? std::string(word(Slot::kOccasion))
                                                       : join(word(Slot::kOccasion), "gift");
    case 8:
      return join(word(Slot::kStyle), english ? "decor" : word(Slot::kColour));
    case 9:
      return std::string(word(Slot::kMaterial));
    case 10:
      return traits_.personalizable && english ? join("custom", word(Slot::kProduct)) : std::string();
    case 11:
      return std::string(word(Slot::kStyle));
    case 12:
      return english ? std::string(word(Slot::kProducts)) : std::string(word(Slot::kSize));
    default:
      return series_;
  }
}

std::vector<std::string> ListingWriter::tags() {
  const VoiceHabits& habit = habits(shop_.voice);
  const auto wanted = static_cast<std::size_t>(
      rng_.between(static_cast<std::int64_t>(habit.tags_min), static_cast<std::int64_t>(habit.tags_max)));
  std::vector<std::string> tags;
  tags.reserve(wanted);
  const std::size_t first = rng_.below(4);
  for (std::size_t i = 0; i < kTagPatterns && tags.size() < wanted; ++i) {
    std::string made = tag((first + i) % kTagPatterns);
    if (made.empty() || std::ranges::find(tags, made) != tags.end()) continue;
    tags.push_back(std::move(made));
  }
  if (!tags.empty() && rng_.chance(shop_.mistakes * 0.05)) misspell(tags[rng_.below(tags.size())], rng_);
  return tags;
}

}  // namespace handsel::demo

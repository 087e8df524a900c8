#include "ranking/query/internal/namings.h"

#include <algorithm>
#include <map>

#include "ranking/query/internal/understanding_tables.h"

namespace handsel::query {
namespace {

constexpr std::size_t kPairsMax = 1'000'000;

struct Voices {
  std::uint32_t listings = 0;
  std::uint32_t usual = 0;           // in the usual language
  std::vector<std::uint64_t> shops;  // different ones, at most kShopsMin

  void add(std::uint64_t shop, bool is_usual) {
    ++listings;
    usual += is_usual;
    if (shops.size() < kShopsMin && std::ranges::find(shops, shop) == shops.end()) shops.push_back(shop);
  }
  bool enough(std::size_t listings_min) const { return listings >= listings_min && shops.size() >= kShopsMin; }
};

// How often numbers came.
class Counts {
 public:
  using Count = std::pair<std::uint32_t, std::uint32_t>;  // number, how often

  void add(std::uint32_t number) {
    const auto at = std::ranges::lower_bound(counts_, number, {}, &Count::first);
    if (at != counts_.end() && at->first == number) {
      ++at->second;
    } else {
      counts_.insert(at, {number, 1});
    }
  }
  std::uint32_t of(std::uint32_t number) const {
    const auto at = std::ranges::lower_bound(counts_, number, {}, &Count::first);
    return at != counts_.end() && at->first == number ? at->second : 0;
  }
  const std::vector<Count>& all() const { return counts_; }

 private:
  std::vector<Count> counts_;  // by number: a few hundred at most, in one piece
};

// How many listings say each value, and each attribute at all.
struct Said {
  Counts by_attribute;
  Counts by_kind;

  void add(std::span<const std::uint32_t> attributes, std::span<const std::uint32_t> kinds) {
    for (const std::uint32_t attribute : attributes) by_attribute.add(attribute);
    for (const std::uint32_t kind : kinds) by_kind.add(kind);
  }
  double share(std::uint32_t attribute, std::uint32_t kind) const {
    const std::uint32_t all = by_kind.of(kind);
    return all == 0 ? 0 : static_cast<double>(by_attribute.of(attribute)) / all;
  }
};

// Of all values of a listing, each once.
std::vector<std::uint32_t> kinds_of(std::span<const std::uint32_t> attributes,
                                    const std::function<std::uint32_t(std::uint32_t)>& kind_of) {
  std::vector<std::uint32_t> kinds;
  for (const std::uint32_t attribute : attributes) {
    const std::uint32_t kind = kind_of(attribute);
    if (std::ranges::find(kinds, kind) == kinds.end()) kinds.push_back(kind);
  }
  return kinds;
}

}  // namespace

void NamingsBuilder::add(const Told& listing) {
  const std::span<const std::uint32_t> words = listing.words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == kNoWord) continue;
    ++count_of_word_[words[i]];
    if (i + 1 < words.size() && words[i + 1] != kNoWord) ++count_of_pair_[Unit{words[i]} << 32 | words[i + 1]];
  }
  while (count_of_pair_.size() > kPairsMax) {
    ++pairs_floor_;
    std::erase_if(count_of_pair_, [this](const auto& pair) { return pair.second <= pairs_floor_; });
  }
  words_.insert(words_.end(), words.begin(), words.end());
  attributes_.insert(attributes_.end(), listing.attributes.begin(), listing.attributes.end());
  listings_.push_back({words_.size(), attributes_.size(), listing.shop, listing.language});
}

std::uint32_t NamingsBuilder::places_together(std::uint32_t first, std::uint32_t second) const {
  const auto found = count_of_pair_.find(Unit{first} << 32 | second);
  return found == count_of_pair_.end() ? 0 : found->second;
}

double NamingsBuilder::share_together(std::uint32_t word, std::uint32_t first, std::uint32_t second) const {
  return static_cast<double>(places_together(first, second)) / count_of_word_.at(word);
}

NamingsBuilder::Lean NamingsBuilder::lean(std::uint32_t first, std::uint32_t second) const {
  const std::uint32_t together = places_together(first, second);
  if (together < kNamingListingsMin) return Lean::kNone;
  const double share = std::max(share_together(first, first, second), share_together(second, first, second));
  if (share >= kPhraseShareMin) return Lean::kStrong;
  return share >= kWeakPhraseShareMin && together >= kWeakNamingListingsMin ? Lean::kWeak : Lean::kNone;
}

std::vector<NamingsBuilder::Unit> NamingsBuilder::units_of(std::size_t listing) const {
  const std::size_t begin = listing == 0 ? 0 : listings_[listing - 1].words;
  const auto words = std::span(words_).subspan(begin, listings_[listing].words - begin);
  std::vector<Unit> units;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == kNoWord) continue;
    const bool has_next = i + 1 < words.size() && words[i + 1] != kNoWord;
    const Lean together = has_next ? lean(words[i], words[i + 1]) : Lean::kNone;
    if (together != Lean::kNone) units.push_back(Unit{words[i]} << 32 | words[i + 1]);
    if (together != Lean::kStrong) {
      units.push_back(Unit{words[i]} << 32 | kNoWord);
      continue;
    }
    for (const std::uint32_t word : {words[i], words[i + 1]}) {
      if (share_together(word, words[i], words[i + 1]) >= kOwnUnitShareMin) units.push_back(Unit{word} << 32 | kNoWord);
    }
    ++i;
  }
  std::ranges::sort(units);
  const auto repeated = std::ranges::unique(units);
  units.erase(repeated.begin(), repeated.end());
  return units;
}

std::span<const std::uint32_t> NamingsBuilder::attributes_of(std::size_t listing) const {
  const std::size_t begin = listing == 0 ? 0 : listings_[listing - 1].attributes;
  return std::span(attributes_).subspan(begin, listings_[listing].attributes - begin);
}

std::uint64_t NamingsBuilder::usual_language() const {
  std::map<std::uint64_t, std::size_t> listings;
  for (const Ends& listing : listings_) ++listings[listing.language];
  const auto most = std::ranges::max_element(listings, {}, [](const auto& language) { return language.second; });
  return most == listings.end() ? 0 : most->first;
}

std::vector<NamingsBuilder::Naming> NamingsBuilder::build(
    const std::function<std::uint32_t(std::uint32_t)>& kind_of) const {
  const std::uint64_t usual = usual_language();
  std::unordered_map<Unit, Voices> voices;
  for (std::size_t i = 0; i < listings_.size(); ++i) {
    for (const Unit unit : units_of(i)) voices[unit].add(listings_[i].shop, listings_[i].language == usual);
  }
  std::erase_if(voices, [this](const auto& of_unit) {
    const auto second = static_cast<std::uint32_t>(of_unit.first);
    const bool is_weak =
        second != kNoWord && lean(static_cast<std::uint32_t>(of_unit.first >> 32), second) == Lean::kWeak;
    return !of_unit.second.enough(is_weak ? kWeakNamingListingsMin : kNamingListingsMin);
  });
  std::unordered_map<Unit, Said> said;
  std::unordered_map<std::uint32_t, Said> in_category;
  Said everywhere;
  for (std::size_t i = 0; i < listings_.size(); ++i) {
    const std::span<const std::uint32_t> attributes = attributes_of(i);
    const std::vector<std::uint32_t> kinds = kinds_of(attributes, kind_of);
    everywhere.add(attributes, kinds);
    for (const std::uint32_t attribute : attributes) {
      if (kind_of(attribute) == kCategoryKind) in_category[attribute].add(attributes, kinds);
    }
    for (const Unit unit : units_of(i)) {
      if (voices.contains(unit)) said[unit].add(attributes, kinds);
    }
  }
  std::vector<Unit> units;
  for (const auto& [unit, of_unit] : said) units.push_back(unit);
  std::ranges::sort(units);
  std::vector<Naming> namings;
  for (const Unit unit : units) {
    const Said& of_unit = said.at(unit);
    Naming naming{.first = static_cast<std::uint32_t>(unit >> 32),
                  .second = static_cast<std::uint32_t>(unit),
                  .is_foreign = 2 * voices.at(unit).usual < voices.at(unit).listings,
                  .attributes = {}};
    for (const auto& [attribute, count] : of_unit.by_attribute.all()) {
      const std::uint32_t kind = kind_of(attribute);
      const double share = of_unit.share(attribute, kind);
      const double bound = wilson_lower(share, of_unit.by_kind.of(kind));
      if (bound < kNamedMin || share < kLiftMin * everywhere.share(attribute, kind)) continue;
      naming.attributes.emplace_back(attribute, bound);
    }
    std::ranges::sort(naming.attributes, [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    const auto category = std::ranges::find_if(
        naming.attributes, [&](const auto& named) { return kind_of(named.first) == kCategoryKind; });
    if (category != naming.attributes.end()) {
      const Said& usual = in_category.at(category->first);
      std::erase_if(naming.attributes, [&](const auto& named) {
        const std::uint32_t kind = kind_of(named.first);
        return kind != kCategoryKind && of_unit.share(named.first, kind) < kLiftMin * usual.share(named.first, kind);
      });
    }
    if (!naming.attributes.empty()) namings.push_back(std::move(naming));
  }
  drop_what_one_word_says(namings, kind_of);
  return namings;
}

void NamingsBuilder::drop_what_one_word_says(std::vector<Naming>& namings,
                                             const std::function<std::uint32_t(std::uint32_t)>& kind_of) const {
  std::map<std::uint32_t, std::vector<std::uint32_t>> by_word;  // what single words name
  for (const Naming& naming : namings) {
    if (naming.second != kNoWord) continue;
    for (const auto& [attribute, bound] : naming.attributes) by_word[naming.first].push_back(attribute);
  }
  const auto names = [&](std::uint32_t word, std::uint32_t attribute) {
    const auto known = by_word.find(word);
    return known != by_word.end() && std::ranges::find(known->second, attribute) != known->second.end();
  };
  const auto names_kind = [&](std::uint32_t word, std::uint32_t kind) {
    const auto known = by_word.find(word);
    return known != by_word.end() &&
           std::ranges::any_of(known->second, [&](std::uint32_t attribute) { return kind_of(attribute) == kind; });
  };
  // Whether the word names an attribute that the two words do not.
  const auto misleads = [&](std::uint32_t word, const Naming& both) {
    const auto known = by_word.find(word);
    return known != by_word.end() && std::ranges::any_of(known->second, [&](std::uint32_t attribute) {
             return kind_of(attribute) != kCategoryKind &&
                    std::ranges::find(both.attributes, attribute, &std::pair<std::uint32_t, double>::first) ==
                        both.attributes.end();
           });
  };
  std::erase_if(namings, [&](Naming& naming) {
    if (naming.second == kNoWord) return false;
    const std::uint32_t attribute = naming.attributes.front().first;
    const bool first = names(naming.first, attribute);
    const bool second = names(naming.second, attribute);
    naming.by_one_word = first || second;
    if (lean(naming.first, naming.second) == Lean::kWeak) return naming.by_one_word;
    const std::uint32_t other = first ? naming.second : naming.first;
    return first != second && !names_kind(other, kind_of(attribute)) && !misleads(other, naming);
  });
}

}  // namespace handsel::query

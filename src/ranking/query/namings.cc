#include "ranking/query/internal/namings.h"

#include <algorithm>
#include <map>
#include <set>

#include "ranking/query/internal/understanding_tables.h"

namespace handsel::query {
namespace {

constexpr std::size_t kPairsMax = 1'000'000;

struct Voices {
  std::uint32_t titles = 0;
  std::uint32_t usual = 0;           // in the usual language
  std::vector<std::uint64_t> shops;  // different ones, at most kShopsMin

  void add(std::uint64_t shop, bool is_usual) {
    ++titles;
    usual += is_usual;
    if (shops.size() < kShopsMin && std::ranges::find(shops, shop) == shops.end()) shops.push_back(shop);
  }
  bool enough() const { return titles >= kNamingTitlesMin && shops.size() >= kShopsMin; }
};

// How many titles say each value, and each attribute at all.
struct Said {
  std::map<std::uint32_t, std::uint32_t> by_attribute;
  std::map<std::uint32_t, std::uint32_t> by_kind;

  void add(std::span<const std::uint32_t> attributes, const std::function<std::uint32_t(std::uint32_t)>& kind_of) {
    std::set<std::uint32_t> kinds;
    for (const std::uint32_t attribute : attributes) {
      ++by_attribute[attribute];
      if (const std::uint32_t kind = kind_of(attribute); kinds.insert(kind).second) ++by_kind[kind];
    }
  }
  double share(std::uint32_t attribute, std::uint32_t kind) const {
    const auto said = by_attribute.find(attribute);
    const auto all = by_kind.find(kind);
    return said == by_attribute.end() || all == by_kind.end() ? 0 : static_cast<double>(said->second) / all->second;
  }
};

}  // namespace

void NamingsBuilder::add(const Title& title) {
  for (std::size_t i = 0; i < title.words.size(); ++i) {
    ++count_of_word_[title.words[i]];
    if (i + 1 < title.words.size()) ++count_of_pair_[Unit{title.words[i]} << 32 | title.words[i + 1]];
  }
  while (count_of_pair_.size() > kPairsMax) {
    ++pairs_floor_;
    std::erase_if(count_of_pair_, [this](const auto& pair) { return pair.second <= pairs_floor_; });
  }
  words_.insert(words_.end(), title.words.begin(), title.words.end());
  attributes_.insert(attributes_.end(), title.attributes.begin(), title.attributes.end());
  titles_.push_back({words_.size(), attributes_.size(), title.shop, title.language});
}

void NamingsBuilder::visit_units(std::size_t title, const std::function<void(Unit)>& visit) const {
  const std::size_t begin = title == 0 ? 0 : titles_[title - 1].words;
  const auto words = std::span(words_).subspan(begin, titles_[title].words - begin);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Unit pair = i + 1 < words.size() ? Unit{words[i]} << 32 | words[i + 1] : 0;
    const auto found = count_of_pair_.find(pair);
    const std::uint32_t together = i + 1 < words.size() && found != count_of_pair_.end() ? found->second : 0;
    const auto leans = [&](std::uint32_t word) { return together >= kPhraseShareMin * count_of_word_.at(word); };
    if (together < kNamingTitlesMin || !(leans(words[i]) || leans(words[i + 1]))) {
      visit(Unit{words[i]} << 32 | kNoWord);
      continue;
    }
    visit(pair);
    for (const std::uint32_t word : {words[i], words[i + 1]}) {
      if (leans(word)) visit(Unit{word} << 32 | kNoWord);
    }
    ++i;
  }
}

std::uint64_t NamingsBuilder::usual_language() const {
  std::map<std::uint64_t, std::size_t> titles;
  for (const Ends& title : titles_) ++titles[title.language];
  const auto most = std::ranges::max_element(titles, {}, [](const auto& language) { return language.second; });
  return most == titles.end() ? 0 : most->first;
}

std::vector<NamingsBuilder::Naming> NamingsBuilder::build(
    const std::function<std::uint32_t(std::uint32_t)>& kind_of) const {
  const std::uint64_t usual = usual_language();
  std::unordered_map<Unit, Voices> voices;
  for (std::size_t title = 0; title < titles_.size(); ++title) {
    const Ends& of = titles_[title];
    visit_units(title, [&](Unit unit) { voices[unit].add(of.shop, of.language == usual); });
  }
  std::map<Unit, Said> said;
  Said everywhere;
  for (std::size_t title = 0; title < titles_.size(); ++title) {
    const std::size_t begin = title == 0 ? 0 : titles_[title - 1].attributes;
    const auto attributes = std::span(attributes_).subspan(begin, titles_[title].attributes - begin);
    everywhere.add(attributes, kind_of);
    visit_units(title, [&](Unit unit) {
      if (voices[unit].enough()) said[unit].add(attributes, kind_of);
    });
  }
  std::vector<Naming> namings;
  for (const auto& [unit, of_unit] : said) {
    Naming naming{.first = static_cast<std::uint32_t>(unit >> 32),
                  .second = static_cast<std::uint32_t>(unit),
                  .is_foreign = 2 * voices[unit].usual < voices[unit].titles,
                  .attributes = {}};
    for (const auto& [attribute, count] : of_unit.by_attribute) {
      const std::uint32_t kind = kind_of(attribute);
      const double share = of_unit.share(attribute, kind);
      const double bound = wilson_lower(share, of_unit.by_kind.at(kind));
      if (bound < kNamedMin || share < kLiftMin * everywhere.share(attribute, kind)) continue;
      naming.attributes.emplace_back(attribute, bound);
    }
    std::ranges::sort(naming.attributes, [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    if (!naming.attributes.empty()) namings.push_back(std::move(naming));
  }
  drop_what_one_word_says(namings, kind_of);
  return namings;
}

void NamingsBuilder::drop_what_one_word_says(std::vector<Naming>& namings,
                                             const std::function<std::uint32_t(std::uint32_t)>& kind_of) {
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
  std::erase_if(namings, [&](Naming& naming) {
    if (naming.second == kNoWord) return false;
    const std::uint32_t attribute = naming.attributes.front().first;
    const bool first = names(naming.first, attribute);
    const bool second = names(naming.second, attribute);
    naming.by_one_word = first || second;
    return first != second && !names_kind(first ? naming.second : naming.first, kind_of(attribute));
  });
}

}  // namespace handsel::query

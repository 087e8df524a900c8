#include "ranking/features/own_names.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "ranking/features/feature.h"

namespace handsel::features {
namespace {

using Word = CandidateTags::Word;
using Words = std::vector<Word>;
using Tags = std::vector<const CandidateTags::Tag*>;
using Groups = OwnNames::Groups;
constexpr std::size_t kGroupsMax = 64;

Groups bit(std::size_t group) {
  return group < kGroupsMax ? Groups{1} << group : 0;
}
bool has(Groups groups, std::size_t group) {
  return (groups & bit(group)) != 0;
}

// Of a term: all groups that it is a variant of.
Groups groups_of(const query::QueryPlan& plan, const std::string& term) {
  Groups groups = 0;
  for (std::size_t group = 0; group < std::min(plan.groups.size(), kGroupsMax); ++group) {
    const auto& variants = plan.groups[group].variants;
    if (std::ranges::find(variants, term, &index::TermVariant::term) != variants.end()) groups |= bit(group);
  }
  return groups;
}

// The word that most of the tags have at that place, counted from their ends, and how many have it there.
// Ties by the order of the tags.
std::pair<Word, std::size_t> usual_word(const Tags& tags, std::size_t from_end) {
  std::vector<std::pair<Word, std::size_t>> counts;  // few: a listing has a dozen tags
  for (const CandidateTags::Tag* tag : tags) {
    if (tag->size() <= from_end) continue;
    const Word word = (*tag)[tag->size() - 1 - from_end];
    const auto known = std::ranges::find(counts, word, &std::pair<Word, std::size_t>::first);
    if (known == counts.end()) {
      counts.emplace_back(word, 1);
    } else {
      ++known->second;
    }
  }
  const auto most = std::ranges::max_element(counts, {}, &std::pair<Word, std::size_t>::second);
  return most == counts.end() ? std::pair<Word, std::size_t>() : *most;
}

Words own_name(std::span<const CandidateTags::Tag* const> tags) {
  Tags of_name(tags.begin(), tags.end());
  Words name;
  while (name.size() < kNameWordsMax) {
    const auto before = static_cast<double>(of_name.size());
    const auto [word, count] = usual_word(of_name, name.size());
    const bool grows = count >= 2 && (name.empty() || static_cast<double>(count) >= kSameNameShare * before);
    if (!grows) break;
    std::erase_if(of_name, [at = name.size(), same = word](const CandidateTags::Tag* tag) {
      return tag->size() <= at || (*tag)[tag->size() - 1 - at] != same;
    });
    name.push_back(word);
  }
  return name;
}

// What others are called and one of the tags ends with: the longest such name, of these the most usual.
Words borrowed_name(std::span<const CandidateTags::Tag* const> tags, const std::map<Words, std::size_t>& known) {
  Words best;
  std::size_t most = 0;
  for (const CandidateTags::Tag* tag : tags) {
    Words name;
    for (auto word = tag->rbegin(); word != tag->rend() && name.size() < kNameWordsMax; ++word) {
      name.push_back(*word);
      const auto called = known.find(name);
      if (called == known.end() || called->second < kCalledSoMin) continue;
      if (std::pair(name.size(), called->second) <= std::pair(best.size(), most)) continue;
      best = name;
      most = called->second;
    }
  }
  return best;
}

std::vector<Words> own_names(const CandidateTags& tags, std::size_t candidates, std::size_t peers) {
  std::vector<Words> names;
  std::map<Words, std::size_t> known;
  for (std::size_t k = 0; k < candidates; ++k) {
    names.push_back(own_name(tags.of(k)));
    if (k < peers) ++known[names.back()];
  }
  for (std::size_t k = 0; k < candidates; ++k) {
    if (names[k].empty()) names[k] = borrowed_name(tags.of(k), known);
  }
  return names;
}

// The names of candidates, as groups of the plan, last word first, with the scores of those called so.
using CalledSo = std::map<std::vector<Groups>, std::vector<double>>;

struct Place {
  std::size_t begin = 0;  // in the plan's sequence
  std::size_t end = 0;
  double score = 0;

  bool lies_within(const Place& other) const {
    return other.begin <= begin && end <= other.end && end - begin < other.end - other.begin;
  }
};

bool stands_at(const query::QueryPlan& plan, std::span<const Groups> name, const Place& place) {
  if (name.size() != place.end - place.begin) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!has(name[name.size() - 1 - i], plan.sequence[place.begin + i])) return false;
  }
  return true;
}

std::optional<Place> find_name(const query::QueryPlan& plan, std::span<const Groups> name) {
  for (std::size_t begin = 0; begin + name.size() <= plan.sequence.size(); ++begin) {
    const Place place{.begin = begin, .end = begin + name.size()};
    if (stands_at(plan, name, place)) return place;
  }
  return std::nullopt;
}

std::optional<Place> asked_name(const query::QueryPlan& plan, CalledSo& called_so) {
  std::vector<Place> places;
  for (auto& [name, scores] : called_so) {
    if (scores.size() < kCalledSoMin) continue;
    auto place = find_name(plan, name);
    if (!place) continue;
    std::ranges::nth_element(scores, scores.begin() + (kCalledSoMin - 1), std::greater<>());
    place->score = scores[kCalledSoMin - 1];
    places.push_back(*place);
  }
  std::erase_if(places, [all = places](const Place& place) {
    return std::ranges::any_of(all, [&](const Place& other) { return place.lies_within(other); });
  });
  const auto best = std::ranges::max_element(places, {}, &Place::score);
  return best == places.end() ? std::nullopt : std::optional(*best);
}

}  // namespace

OwnNames::OwnNames(const query::QueryPlan& plan, std::span<const index::Hit> candidates, std::size_t peers,
                   const CandidateTags& tags, const Signals& signals)
    : plan_(plan),
      names_(own_names(tags, candidates.size(), peers)),
      asked_(plan.sequence.size()),
      called_as_asked_(candidates.size()),
      found_(candidates.size()),
      beside_(candidates.size()) {
  if (tags.lexicon() != nullptr) find_words(*tags.lexicon());
  find_asked(candidates, peers);
  const std::vector<double> naming_of = naming(tags, peers, signals);
  double all = 0;
  for (const std::size_t group : plan.sequence) all += naming_of[group];
  for (std::size_t k = 0; k < names_.size(); ++k) {
    const Words& name = names_[k];
    if (name.empty() || all <= 0) continue;
    const Groups named = groups_of_all(name);
    double found = 0;
    for (const std::size_t group : plan.sequence) found += has(named, group) ? naming_of[group] : 0;
    found_[k] = found / all;
    const auto asked = std::ranges::count_if(name, [&](Word word) { return groups_of_word(word) != 0; });
    beside_[k] = 1 - static_cast<double>(asked) / static_cast<double>(name.size());
  }
}

void OwnNames::find_asked(std::span<const index::Hit> candidates, std::size_t peers) {
  std::vector<std::vector<Groups>> as_groups;
  CalledSo called_so;
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    std::vector<Groups>& groups = as_groups.emplace_back();
    for (const Word word : names_[k]) groups.push_back(groups_of_word(word));
    const bool all_asked = std::ranges::find(groups, Groups{0}) == groups.end();
    if (k < peers && !groups.empty() && all_asked) called_so[groups].push_back(candidates[k].score);
  }
  const auto place = asked_name(plan_, called_so);
  if (!place) return;
  for (std::size_t at = place->begin; at < place->end; ++at) asked_[at] = true;
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    if (!as_groups[k].empty()) called_as_asked_[k] = stands_at(plan_, as_groups[k], *place) ? 1 : 0;
  }
}

void OwnNames::find_words(const TagLexicon& lexicon) {
  has_word_.resize(lexicon.words());
  for (std::size_t group = 0; group < std::min(plan_.groups.size(), kGroupsMax); ++group) {
    for (const index::TermVariant& variant : plan_.groups[group].variants) {
      const auto word = lexicon.word(variant.term);
      if (!word || *word >= has_word_.size()) continue;
      has_word_[*word] = true;
      of_word_[*word] |= bit(group);
    }
  }
}

OwnNames::Groups OwnNames::groups_of_word(Word word) const {
  return has_word_[word] ? of_word_.find(word)->second : 0;
}

OwnNames::Groups OwnNames::groups_of_all(std::span<const Word> words) const {
  Groups groups = 0;
  for (const Word word : words) groups |= groups_of_word(word);
  return groups;
}

std::vector<double> OwnNames::naming(const CandidateTags& tags, std::size_t peers, const Signals& signals) const {
  std::vector<std::size_t> in_names(plan_.groups.size());
  std::vector<std::size_t> in_tags(plan_.groups.size());
  for (std::size_t k = 0; k < peers; ++k) {
    if (names_[k].empty()) continue;
    const Groups named = groups_of_all(names_[k]);
    Groups tagged = 0;
    for (const CandidateTags::Tag* tag : tags.of(k)) tagged |= groups_of_all(*tag);
    for (std::size_t group = 0; group < plan_.groups.size(); ++group) {
      in_names[group] += has(named, group);
      in_tags[group] += has(tagged, group);
    }
  }
  std::vector<double> naming;
  for (std::size_t group = 0; group < plan_.groups.size(); ++group) {
    const double prior = is_thing(signals, plan_.groups[group]) ? 1 : 0;
    naming.push_back((static_cast<double>(in_names[group]) + prior) / (static_cast<double>(in_tags[group]) + 1));
  }
  return naming;
}

bool OwnNames::is_asked_name(std::span<const std::string> terms) const {
  return std::ranges::all_of(terms, [&](const std::string& term) {
    const Groups groups = groups_of(plan_, term);
    bool stands = false;
    for (std::size_t at = 0; at < asked_.size(); ++at) {
      if (!has(groups, plan_.sequence[at])) continue;
      if (!asked_[at]) return false;
      stands = true;
    }
    return stands;
  });
}

}  // namespace handsel::features

#include "ranking/features/own_names.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "analysis/text/analyzer.h"
#include "ranking/features/feature.h"
#include "views/index/keyword_reader.h"

namespace handsel::features {
namespace {

using Word = std::uint32_t;
using Words = std::vector<Word>;
using Groups = std::uint64_t;  // of the plan, as bits; those behind the first kGroupsMax name nothing
constexpr std::size_t kGroupsMax = 64;

Groups bit(std::size_t group) {
  return group < kGroupsMax ? Groups{1} << group : 0;
}
bool has(Groups groups, std::size_t group) {
  return (groups & bit(group)) != 0;
}

// Words of tags as numbers: equal ones are of one term. The same words come again and again, so each is
// stemmed once.
class Terms {
 public:
  Terms(const query::QueryPlan& plan, const Signals& signals)
      : plan_(plan), analyzer_(*signals.analyzer), language_(signals.language) {}

  Words words_of(std::string_view tag) {
    Words words;
    for (std::size_t begin = 0; begin < tag.size();) {
      const std::size_t end = std::min(tag.find_first_of(" -/&", begin), tag.size());
      if (end > begin) words.push_back(word_of(tag.substr(begin, end - begin)));
      begin = end + 1;
    }
    return words;
  }
  Groups groups_of(Word word) const { return groups_[word]; }
  Groups groups_of(const Words& words) const {
    Groups groups = 0;
    for (const Word word : words) groups |= groups_[word];
    return groups;
  }

 private:
  Word word_of(std::string_view text) {
    const auto [known, is_new] = by_text_.try_emplace(text, 0);
    if (is_new) {
      std::string term;
      analyzer_.visit_tokens(text, language_, [&](const text::TokenView& token) { term += token.term; });
      known->second = number_of(term);
    }
    return known->second;
  }

  Word number_of(const std::string& term) {
    const auto [known, is_new] = by_term_.try_emplace(term, static_cast<Word>(groups_.size()));
    if (is_new) {
      Groups groups = 0;
      for (std::size_t group = 0; group < std::min(plan_.groups.size(), kGroupsMax); ++group) {
        const auto& variants = plan_.groups[group].variants;
        if (std::ranges::find(variants, term, &index::TermVariant::term) != variants.end()) groups |= bit(group);
      }
      groups_.push_back(groups);
    }
    return known->second;
  }

  const query::QueryPlan& plan_;
  const text::Analyzer& analyzer_;
  const std::string language_;
  std::unordered_map<std::string_view, Word> by_text_;  // parts of the reader's values
  std::unordered_map<std::string, Word> by_term_;
  std::vector<Groups> groups_;  // by word: of which it is
};

// The tags of candidates, word by word.
class Tags {
 public:
  Tags(const index::Snapshot& snapshot, Terms& terms) : reader_(snapshot, "tag"), terms_(terms) {}

  struct Tag {
    std::string_view text;
    const Words* words;
  };
  // In the order of their texts: a column has them in one that depends on its segment.
  const std::vector<Tag>& of(index::DocRef doc) {
    reader_.read(doc, numbers_);
    while (words_.size() < reader_.values()) {
      words_.push_back(terms_.words_of(reader_.value(static_cast<std::uint32_t>(words_.size()))));
    }
    tags_.clear();
    for (const std::uint32_t number : numbers_) tags_.push_back({reader_.value(number), &words_[number]});
    std::ranges::sort(tags_, {}, &Tag::text);
    return tags_;
  }

 private:
  index::KeywordReader reader_;
  Terms& terms_;
  std::deque<Words> words_;  // by the reader's numbers
  std::vector<std::uint32_t> numbers_;
  std::vector<Tag> tags_;
};

// The word that most of the tags have at that place, counted from their ends, and how many have it there.
// Ties by the order of the tags.
std::pair<Word, std::size_t> usual_word(const std::vector<const Words*>& tags, std::size_t from_end) {
  std::vector<std::pair<Word, std::size_t>> counts;  // few: a listing has a dozen tags
  for (const Words* tag : tags) {
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

// Last word first; empty where tags share no ending.
Words own_name(const std::vector<Tags::Tag>& tags) {
  std::vector<const Words*> of_name;
  for (const Tags::Tag& tag : tags) of_name.push_back(tag.words);
  Words name;
  while (name.size() < kNameWordsMax) {
    const auto before = static_cast<double>(of_name.size());
    const auto [word, count] = usual_word(of_name, name.size());
    const bool grows = count >= 2 && (name.empty() || static_cast<double>(count) >= kSameNameShare * before);
    if (!grows) break;
    std::erase_if(of_name, [at = name.size(), same = word](const Words* tag) {
      return tag->size() <= at || (*tag)[tag->size() - 1 - at] != same;
    });
    name.push_back(word);
  }
  return name;
}

}  // namespace

OwnNames::OwnNames(const index::Snapshot& snapshot, const query::QueryPlan& plan,
                   std::span<const index::Hit> candidates, const Signals& signals)
    : found_(candidates.size()), beside_(candidates.size()) {
  if (signals.analyzer == nullptr) return;
  Terms terms(plan, signals);
  Tags tags(snapshot, terms);
  std::vector<Words> names;
  std::vector<std::size_t> in_names(plan.groups.size());
  std::vector<std::size_t> in_tags(plan.groups.size());
  for (const index::Hit& hit : candidates) {
    const std::vector<Tags::Tag>& of_hit = tags.of(hit.doc);
    const Words& name = names.emplace_back(own_name(of_hit));
    if (name.empty()) continue;
    const Groups named = terms.groups_of(name);
    Groups tagged = 0;
    for (const Tags::Tag& tag : of_hit) tagged |= terms.groups_of(*tag.words);
    for (std::size_t group = 0; group < plan.groups.size(); ++group) {
      in_names[group] += has(named, group);
      in_tags[group] += has(tagged, group);
    }
  }
  std::vector<double> naming(plan.groups.size());
  double all = 0;
  for (const std::size_t group : plan.sequence) {
    const double prior = is_thing(signals, plan.groups[group]) ? 1 : 0;
    naming[group] = (static_cast<double>(in_names[group]) + prior) / (static_cast<double>(in_tags[group]) + 1);
    all += naming[group];
  }
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (names[k].empty() || all <= 0) continue;
    const Groups named = terms.groups_of(names[k]);
    double found = 0;
    for (const std::size_t group : plan.sequence) found += has(named, group) ? naming[group] : 0;
    found_[k] = found / all;
    const auto asked = std::ranges::count_if(names[k], [&](Word word) { return terms.groups_of(word) != 0; });
    beside_[k] = 1 - static_cast<double>(asked) / static_cast<double>(names[k].size());
  }
}

}  // namespace handsel::features

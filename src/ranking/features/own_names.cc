#include "ranking/features/own_names.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>

#include "analysis/text/analyzer.h"
#include "ranking/features/feature.h"

namespace handsel::features {
namespace {

using Word = std::uint32_t;
using Words = std::vector<Word>;

// Words of tags as numbers: equal ones are of one term. The same words come again and again, so each is
// stemmed once.
class Terms {
 public:
  Terms(const query::QueryPlan& plan, const Signals& signals)
      : plan_(plan), analyzer_(*signals.analyzer), language_(signals.language) {}

  Words words_of(const std::string& tag) {
    Words words;
    for (std::size_t begin = 0; begin < tag.size();) {
      const std::size_t end = std::min(tag.find_first_of(" -/&", begin), tag.size());
      if (end > begin) words.push_back(word_of(tag.substr(begin, end - begin)));
      begin = end + 1;
    }
    return words;
  }
  bool is_of_group(Word word, std::size_t group) const { return groups_[word][group]; }
  bool is_asked(Word word) const { return std::ranges::find(groups_[word], true) != groups_[word].end(); }

 private:
  Word word_of(std::string text) {
    const auto [known, is_new] = by_text_.try_emplace(std::move(text), 0);
    if (is_new) {
      std::string term;
      analyzer_.visit_tokens(known->first, language_, [&](const text::TokenView& token) { term += token.term; });
      known->second = number_of(term);
    }
    return known->second;
  }

  Word number_of(const std::string& term) {
    const auto [known, is_new] = by_term_.try_emplace(term, static_cast<Word>(groups_.size()));
    if (is_new) {
      std::vector<bool>& groups = groups_.emplace_back();
      for (const index::TermGroup& group : plan_.groups) {
        groups.push_back(std::ranges::find(group.variants, term, &index::TermVariant::term) != group.variants.end());
      }
    }
    return known->second;
  }

  const query::QueryPlan& plan_;
  const text::Analyzer& analyzer_;
  const std::string language_;
  std::unordered_map<std::string, Word> by_text_;
  std::unordered_map<std::string, Word> by_term_;
  std::vector<std::vector<bool>> groups_;  // by word: of which groups of the plan it is
};

// The word that most of the tags have at that place, counted from their ends, and how many have it there.
// Ties by the order of the tags, which are sorted.
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
Words own_name(const std::vector<Words>& tags) {
  std::vector<const Words*> of_name;
  for (const Words& tag : tags) of_name.push_back(&tag);
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
  std::vector<Words> names;
  std::vector<std::size_t> in_names(plan.groups.size());
  std::vector<std::size_t> in_tags(plan.groups.size());
  for (const index::Hit& hit : candidates) {
    std::vector<std::string> values = index::keyword_values(snapshot, hit.doc, "tag");
    std::ranges::sort(values);  // a column has them in an order that depends on its segment
    std::vector<Words> tags;
    for (const std::string& tag : values) tags.push_back(terms.words_of(tag));
    const Words& name = names.emplace_back(own_name(tags));
    if (name.empty()) continue;
    for (std::size_t group = 0; group < plan.groups.size(); ++group) {
      const auto says = [&](const Words& words) {
        return std::ranges::any_of(words, [&](Word word) { return terms.is_of_group(word, group); });
      };
      const bool in_name = says(name);
      in_names[group] += in_name;
      in_tags[group] += in_name || std::ranges::any_of(tags, says);
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
    double found = 0;
    for (const std::size_t group : plan.sequence) {
      const auto is_it = [&](Word word) { return terms.is_of_group(word, group); };
      if (std::ranges::any_of(names[k], is_it)) found += naming[group];
    }
    found_[k] = found / all;
    const auto asked = std::ranges::count_if(names[k], [&](Word word) { return terms.is_asked(word); });
    beside_[k] = 1 - static_cast<double>(asked) / static_cast<double>(names[k].size());
  }
}

}  // namespace handsel::features

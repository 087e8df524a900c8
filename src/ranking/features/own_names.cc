#include "ranking/features/own_names.h"

#include <algorithm>
#include <utility>

namespace handsel::features {
namespace {

constexpr std::size_t kEndingMax = 3;  // letters by which a word in a tag may be longer than its term

using Words = std::vector<std::string_view>;

// Singular and plural of most words of most languages here are the same word.
std::string_view without_plural(std::string_view word) {
  return word.size() > 3 && word.ends_with('s') ? word.substr(0, word.size() - 1) : word;
}

// The word that most of the tags have, counted from their ends, and how many have it there.
std::pair<std::string_view, std::size_t> usual_word(const std::vector<const Words*>& tags, std::size_t from_end) {
  std::vector<std::pair<std::string_view, std::size_t>> counts;  // few: a listing has a dozen tags
  for (const Words* tag : tags) {
    if (tag->size() <= from_end) continue;
    const std::string_view word = without_plural((*tag)[tag->size() - 1 - from_end]);
    const auto known = std::ranges::find(counts, word, &std::pair<std::string_view, std::size_t>::first);
    if (known == counts.end()) {
      counts.emplace_back(word, 1);
    } else {
      ++known->second;
    }
  }
  // Ties by word: in which order a column has tags depends on its segment.
  const auto most = std::ranges::max_element(counts, {}, [](const auto& of) { return std::pair(of.second, of.first); });
  return most == counts.end() ? std::pair<std::string_view, std::size_t>() : *most;
}

// Last word first; empty where tags share no ending.
Words own_name(const std::vector<Words>& tags) {
  std::vector<const Words*> of_name;
  for (const Words& tag : tags) of_name.push_back(&tag);
  Words name;
  while (name.size() < kNameWordsMax) {
    const std::size_t before = of_name.size();
    const auto [word, count] = usual_word(of_name, name.size());
    const bool grows = count >= 2 && (name.empty() || static_cast<double>(count) >= kSameNameShare * before);
    if (!grows) break;
    std::erase_if(of_name, [&, at = name.size(), same = word](const Words* tag) {
      return tag->size() <= at || without_plural((*tag)[tag->size() - 1 - at]) != same;
    });
    name.push_back(word);
  }
  return name;
}

bool has_word_of(const index::TermGroup& group, std::string_view word) {
  return std::ranges::any_of(group.variants, [&](const auto& variant) { return is_of_term(word, variant.term); });
}

}  // namespace

std::vector<std::string_view> words_of_tag(std::string_view tag) {
  Words words;
  for (std::size_t begin = 0; begin < tag.size();) {
    const std::size_t end = std::min(tag.find_first_of(" -/&", begin), tag.size());
    if (end > begin) words.push_back(tag.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

bool is_of_term(std::string_view word, std::string_view term) {
  if (word.size() > term.size() + kEndingMax) return false;
  if (word.starts_with(term)) return true;
  // "stori" is story and stories.
  return term.ends_with('i') && word.size() == term.size() && word.ends_with('y') &&
         word.starts_with(term.substr(0, term.size() - 1));
}

OwnNames::OwnNames(const index::Snapshot& snapshot, const query::QueryPlan& plan,
                   std::span<const index::Hit> candidates, const std::vector<bool>& is_thing) {
  const std::size_t groups = plan.groups.size();
  std::vector<Words> names;
  std::vector<std::vector<bool>> in_name;  // by candidate, by group
  std::vector<std::size_t> candidates_in_name(groups), candidates_in_tags(groups);
  for (const index::Hit& hit : candidates) {
    tags_.push_back(index::keyword_values(snapshot, hit.doc, "tag"));
    std::vector<Words> tags;
    for (const std::string& tag : tags_.back()) tags.push_back(words_of_tag(tag));
    const Words& name = names.emplace_back(own_name(tags));
    std::vector<bool>& says = in_name.emplace_back(groups);
    if (name.empty()) continue;
    for (std::size_t group = 0; group < groups; ++group) {
      const auto has = [&](const Words& words) {
        return std::ranges::any_of(words, [&](std::string_view word) { return has_word_of(plan.groups[group], word); });
      };
      says[group] = has(name);
      candidates_in_name[group] += says[group];
      candidates_in_tags[group] += says[group] || std::ranges::any_of(tags, has);
    }
  }
  std::vector<double> naming(groups);
  double all = 0;
  for (const std::size_t group : plan.sequence) {
    naming[group] = (static_cast<double>(candidates_in_name[group]) + (is_thing[group] ? 1 : 0)) /
                    (static_cast<double>(candidates_in_tags[group]) + 1);
    all += naming[group];
  }
  found_.resize(names.size());
  beside_.resize(names.size());
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (names[k].empty() || all <= 0) continue;
    double found = 0;
    for (const std::size_t group : plan.sequence) found += in_name[k][group] ? naming[group] : 0;
    found_[k] = found / all;
    const auto is_asked = [&](std::string_view word) {
      return std::ranges::any_of(plan.groups, [&](const auto& group) { return has_word_of(group, word); });
    };
    const auto beside = names[k].size() - static_cast<std::size_t>(std::ranges::count_if(names[k], is_asked));
    beside_[k] = static_cast<double>(beside) / static_cast<double>(names[k].size());
  }
}

}  // namespace handsel::features

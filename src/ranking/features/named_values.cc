#include "ranking/features/named_values.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "ranking/features/feature.h"

namespace handsel::features {
namespace {

using index::ValueShares;

// One attribute that the query names values of.
struct Kind {
  double most = 0;
  std::vector<int> words;                // that name the value with the largest share: numbers of the title table
  std::map<std::string, double> values;  // "color=sage", with their shares
};

// What tags say of the kinds. Each tag is read once, each word and each pair of words looked up once.
class TagReader {
 public:
  TagReader(const CandidateTags& tags, const query::Understanding* understanding, std::span<const Kind> kinds)
      : tags_(tags), understanding_(understanding), kinds_(kinds) {}

  // By kind, `said` being none at first.
  void read(std::size_t candidate, std::span<const CandidateTags::Word> own_name, std::span<ValueShares::Said> said) {
    if (understanding_ == nullptr) return;
    for (const CandidateTags::Tag* tag : tags_.of(candidate)) {
      for (const auto& [kind, share] : values_of(*tag, words_before(*tag, own_name))) {
        said[kind].something = true;
        said[kind].best = std::max(said[kind].best, share);
      }
    }
  }

 private:
  using Values = std::vector<std::pair<std::size_t, double>>;  // kind, share of what the query wants of it
  using Named = std::optional<Values>;                         // nothing: the words name nothing

  static std::size_t words_before(const CandidateTags::Tag& tag, std::span<const CandidateTags::Word> own_name) {
    if (own_name.empty() || tag.size() < own_name.size()) return tag.size();
    return std::equal(own_name.begin(), own_name.end(), tag.rbegin()) ? tag.size() - own_name.size() : tag.size();
  }

  const Values& values_of(const CandidateTags::Tag& tag, std::size_t words) {
    const auto [known, is_new] = by_tag_.try_emplace({&tag, words});
    if (!is_new) return known->second;
    const auto find = [&](std::size_t first, std::size_t count) -> const Named& {
      return named_by(tag[first], count == 2 ? tag[first + 1] : kNoWord);
    };
    query::visit_longest(words, find, [&](std::size_t, std::size_t, const Named& named) {
      if (named) known->second.insert(known->second.end(), named->begin(), named->end());
    });
    return known->second;
  }

  const Named& named_by(CandidateTags::Word first, CandidateTags::Word second) {
    const auto [known, is_new] = by_words_.try_emplace(std::uint64_t{first} << 32 | second);
    if (!is_new) return known->second;
    std::string words = tags_.lexicon()->term(first);
    if (second != kNoWord) words.append(1, ' ').append(tags_.lexicon()->term(second));
    const auto meanings = understanding_->values_named(words);
    if (!meanings) return known->second;
    known->second.emplace();
    for (const query::Meaning& meaning : *meanings) {
      const std::string attribute(understanding_->attribute(meaning.number));
      const auto of_kind = std::ranges::find_if(kinds_, [&](const Kind& kind) { return is_of(kind, attribute); });
      if (of_kind == kinds_.end()) continue;
      const auto value = of_kind->values.find(attribute);
      known->second->emplace_back(of_kind - kinds_.begin(), value == of_kind->values.end() ? 0 : value->second);
    }
    return known->second;
  }

  static bool is_of(const Kind& kind, std::string_view attribute) {
    const std::string_view one = kind.values.begin()->first;
    return attribute.substr(0, attribute.find('=')) == one.substr(0, one.find('='));
  }

  struct HashTag {
    std::size_t operator()(const std::pair<const CandidateTags::Tag*, std::size_t>& tag) const {
      return std::hash<const void*>()(tag.first) * 31 + tag.second;
    }
  };
  static constexpr CandidateTags::Word kNoWord = 0xffff'ffff;
  const CandidateTags& tags_;
  const query::Understanding* understanding_;
  const std::span<const Kind> kinds_;
  std::unordered_map<std::pair<const CandidateTags::Tag*, std::size_t>, Values, HashTag> by_tag_;
  std::unordered_map<std::uint64_t, Named> by_words_;
};

}  // namespace

std::optional<ValueShares::Wanted> wanted_value(std::string_view attribute, double share) {
  const std::size_t equals = attribute.find('=');
  if (equals == attribute.npos) return std::nullopt;
  return ValueShares::Wanted{.column = index::column_of_attribute(attribute.substr(0, equals)),
                             .value = std::string(attribute.substr(equals + 1)),
                             .share = share};
}

NamedValues::NamedValues(const index::Snapshot& snapshot, std::span<const index::Hit> candidates,
                         const Signals& signals, const TitleTable& titles, const CandidateTags& tags,
                         const OwnNames& names) {
  std::vector<ValueShares::Wanted> wanted;
  std::map<std::string, std::vector<const query::NamedValue*>> by_column;
  for (const query::NamedValue& value : signals.named) {
    if (!value.words.empty() && names.is_asked_name(value.words)) continue;
    auto one = wanted_value(value.attribute, value.share);
    if (!one) continue;
    by_column[one->column].push_back(&value);
    wanted.push_back(std::move(*one));
  }
  std::vector<Kind> kinds;  // in the order of ValueShares::said
  for (const auto& [column, values] : by_column) {
    Kind& kind = kinds.emplace_back();
    for (const query::NamedValue* value : values) kind.values[value->attribute] = value->share;
    const query::NamedValue& best = **std::ranges::max_element(values, {}, &query::NamedValue::share);
    kind.most = best.share;
    wanted_ += kind.most;
    for (const std::string& word : best.words) kind.words.push_back(titles.number(word));
  }
  if (wanted_ <= 0) return;
  ValueShares shares(snapshot, std::move(wanted));
  TagReader reader(tags, signals.understanding, kinds);
  std::vector<ValueShares::Said> tagged;
  for (std::size_t candidate = 0; candidate < candidates.size(); ++candidate) {
    Verdict& verdict = verdicts_.emplace_back();
    tagged.assign(kinds.size(), {});
    reader.read(candidate, names.name(candidate), tagged);
    const std::vector<ValueShares::Said>& stated = shares.said(candidates[candidate].doc);
    const auto in_title = [&](int word) {
      return word >= 0 && std::ranges::find(titles.words(candidate), word) != titles.words(candidate).end();
    };
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      verdict.tagged += tagged[k].best;
      const ValueShares::Said& said = stated[k].something ? stated[k] : tagged[k];
      if (said.something) {
        verdict.agreed += said.best;
        verdict.denied += kinds[k].most - said.best;
      } else if (!kinds[k].words.empty() && std::ranges::all_of(kinds[k].words, in_title)) {
        verdict.agreed += kinds[k].most;
      }
    }
  }
}

}  // namespace handsel::features

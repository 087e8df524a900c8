// thing_alone: whether the listing's tags call the thing by the query's name, or always by a longer
// one; 0 to 1, NaN where no tag says the thing, or all words of the query name attributes.
//
//   1 - max over words w, not of the query, and sides of the thing: tags with w at that side / (tags + 1)
//
// tags: those with a word of the query that names no attribute (thing_share.cc). Tags of a pendant
// are "gold pendant", "boho pendant", "pendant"; those of a pendant necklace have "necklace" behind it
// every time, and who asked for a pendant did not mean it. One tag more is counted, so that a
// single tag says little.
#include <algorithm>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ranking/features/feature.h"

namespace handsel::features {
namespace {

class Tags {
 public:
  explicit Tags(const FeatureInput& input) {
    for (const index::TermGroup& group : input.plan.groups) {
      const bool names_thing = is_thing(input.signals, group);
      for (const index::TermVariant& variant : group.variants) {
        asked_.push_back(variant.term);
        if (names_thing) things_.push_back(variant.term);
      }
    }
  }
  bool has_thing() const { return !things_.empty(); }

  double alone(const std::vector<std::string>& tags) const {
    std::size_t with_thing = 0;
    std::size_t most = 0;
    std::unordered_map<std::string_view, std::size_t> sides[2];  // before and behind the thing
    const auto count = [&](std::size_t side, std::string_view word) {
      if (!is_any(word, asked_)) most = std::max(most, ++sides[side][word]);
    };
    for (const std::string& tag : tags) {
      const std::vector<std::string_view> words = words_of_tag(tag);
      const auto says_thing = [this](std::string_view word) { return is_any(word, things_); };
      const auto first = std::ranges::find_if(words, says_thing);
      if (first == words.end()) continue;
      ++with_thing;
      const auto behind = std::find_if_not(first, words.end(), says_thing);
      if (first != words.begin()) count(0, *(first - 1));
      if (behind != words.end()) count(1, *behind);
    }
    if (with_thing == 0) return std::numeric_limits<double>::quiet_NaN();
    return 1 - static_cast<double>(most) / static_cast<double>(with_thing + 1);
  }

 private:
  static bool is_any(std::string_view word, const std::vector<std::string_view>& terms) {
    return std::ranges::any_of(terms, [&](std::string_view term) { return is_of_term(word, term); });
  }

  std::vector<std::string_view> asked_;
  std::vector<std::string_view> things_;
};

}  // namespace

void thing_alone(const FeatureInput& input, std::span<double> out) {
  const Tags tags(input);
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = tags.has_thing() ? tags.alone(input.names.tags(k)) : std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace handsel::features

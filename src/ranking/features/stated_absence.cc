// stated_absence: the query says "without x", and so does the title.
//
//   1 where the title has "without x", "no x", "non x" or "x free", or the query's own
//   negation before x, for one of the first two words x after the negation; else 0
//
// A bag of words ranks "rug with fringe" for "rug without fringe"; the query plan
// halves what follows a negation, this feature lifts the titles that say it.
#include "ranking/features/stated_absence.h"

#include <algorithm>

#include "ranking/features/feature.h"

namespace handsel::features {
namespace {

bool says_absent(const FeatureInput& input, std::size_t candidate, int term) {
  const TitleTable& titles = input.titles;
  const auto before = [&](std::string_view marker) { return titles.has_pair(candidate, titles.number(marker), term); };
  return std::ranges::any_of(kAbsentBefore, before) || before(input.plan.negation) ||
         titles.has_pair(candidate, term, titles.number(kAbsentBehind));
}

}  // namespace

void stated_absence(const FeatureInput& input, std::span<double> out) {
  for (const std::string& unwanted : input.plan.unwanted) {
    const int term = input.titles.number(unwanted);
    for (std::size_t k = 0; k < out.size(); ++k) {
      if (says_absent(input, k, term)) out[k] = 1;
    }
  }
}

}  // namespace handsel::features

// thing_share: how much of the thing's own name stands in the title; 0 to 1, NaN where all words of
// the query name attributes or nothing is known of them.
//
//   words of the query that name no attribute and stand in the title (any variant) / all of those
//
// Of "teal linen apron" that is "apron": a title names what a thing is, and colours may stand
// anywhere. ranking/query/internal/namings.h says which words name attributes.
#include <algorithm>
#include <limits>

#include "ranking/features/feature.h"

namespace handsel::features {

void thing_share(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  std::vector<std::size_t> groups;
  for (std::size_t group = 0; group < input.plan.groups.size(); ++group) {
    if (is_thing(input.signals, input.plan.groups[group])) groups.push_back(group);
  }
  if (groups.empty()) return;
  for (std::size_t k = 0; k < out.size(); ++k) {
    std::size_t found = 0;
    for (const std::size_t group : groups) {
      found += std::ranges::any_of(input.titles.words(k),
                                   [&](int number) { return input.titles.is_of_group(number, group); });
    }
    out[k] = static_cast<double>(found) / static_cast<double>(groups.size());
  }
}

}  // namespace handsel::features

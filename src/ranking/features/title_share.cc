// title_share: how much of the query stands in the title.
//
//   sum of the values of the words that the title has (any variant) / mass;  0 to 1
//
// A title names what a thing is; a description also what it goes with.
#include "ranking/features/feature.h"

namespace handsel::features {

void title_share(const FeatureInput& input, std::span<double> out) {
  const double mass = input.plan.mass();
  if (mass <= 0) return;
  for (std::size_t k = 0; k < out.size(); ++k) {
    const std::vector<int>& title = input.titles.words(k);
    for (std::size_t group = 0; group < input.plan.groups.size(); ++group) {
      for (const int number : title) {
        if (!input.titles.is_of_group(number, group)) continue;
        out[k] += input.plan.values[group] / mass;
        break;
      }
    }
  }
}

}  // namespace handsel::features

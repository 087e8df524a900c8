// title_pairs: neighbours of the query that are neighbours in the title.
//
//   sum over neighbouring words a, b of the query, stop words passed over:
//     min(value(a), value(b)) where the title has "a b" (any variant of each), else 0
//
// 0 to about the query's mass. Word order carries meaning that single words lose:
// "chain necklace" is no "necklace chain". After the sequential dependence model
// (Metzler & Croft, SIGIR 2005), for titles alone.
#include <algorithm>

#include "ranking/features/feature.h"

namespace handsel::features {
namespace {

bool stands_in(const TitleTable& titles, const std::vector<int>& title, std::size_t left, std::size_t right) {
  for (std::size_t i = 0; i + 1 < title.size(); ++i) {
    if (titles.is_of_group(title[i], left) && titles.is_of_group(title[i + 1], right)) return true;
  }
  return false;
}

}  // namespace

void title_pairs(const FeatureInput& input, std::span<double> out) {
  const auto& sequence = input.plan.sequence;
  for (std::size_t i = 0; i + 1 < sequence.size(); ++i) {
    const double value = std::min(input.plan.values[sequence[i]], input.plan.values[sequence[i + 1]]);
    if (value <= 0 || sequence[i] == sequence[i + 1]) continue;
    for (std::size_t k = 0; k < out.size(); ++k) {
      if (stands_in(input.titles, input.titles.words(k), sequence[i], sequence[i + 1])) out[k] += value;
    }
  }
}

}  // namespace handsel::features

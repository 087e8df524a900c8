#include "ranking/features/top_candidates.h"

#include <algorithm>
#include <numeric>

namespace handsel::features {

std::vector<WeightedCandidate> top_candidates(const FeatureInput& input, std::size_t count) {
  std::vector<std::size_t> order(input.peers);
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, order.size());
  std::ranges::partial_sort(
      order, order.begin() + static_cast<std::ptrdiff_t>(count), [&](std::size_t a, std::size_t b) {
        return input.scores[a] != input.scores[b] ? input.scores[a] > input.scores[b]
                                                  : input.candidates[a].id_hash < input.candidates[b].id_hash;
      });
  order.resize(count);
  std::vector<WeightedCandidate> top;
  double sum = 0;
  for (const std::size_t number : order) {
    if (input.scores[number] <= 0) break;
    top.push_back({number, input.scores[number]});
    sum += input.scores[number];
  }
  for (WeightedCandidate& candidate : top) candidate.weight /= sum;
  return top;
}

}  // namespace handsel::features

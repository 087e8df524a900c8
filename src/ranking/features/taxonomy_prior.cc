// taxonomy_prior: how much a candidate's category is the category of the best ones.
//
//   p(node)  = share of the top kTop candidates' scores under each taxonomy node
//   prior(d) = mean of p over the nodes of d's own path, times the best score
//
// 0 to the best score. Pseudo relevance feedback on categories (after Lavrenko & Croft,
// SIGIR 2001, with nodes for words): "kettle" finds kettles before kettle cosies, because most
// of what matches best is kettles. Nothing where listings have no taxonomy.
#include <algorithm>
#include <map>
#include <string>

#include "ranking/features/feature.h"
#include "ranking/features/top_candidates.h"

namespace handsel::features {
namespace {

constexpr std::size_t kTop = 20;

}  // namespace

void taxonomy_prior(const FeatureInput& input, std::span<double> out) {
  const std::vector<WeightedCandidate> top = top_candidates(input, kTop);
  std::map<std::string, double, std::less<>> share;
  for (const WeightedCandidate& candidate : top) {
    for (std::string& node :
         index::keyword_values(input.snapshot, input.candidates[candidate.number].doc, "taxonomy")) {
      share[std::move(node)] += candidate.weight;
    }
  }
  if (share.empty()) return;
  const double best = *std::ranges::max_element(input.scores);
  for (std::size_t k = 0; k < out.size(); ++k) {
    const auto nodes = index::keyword_values(input.snapshot, input.candidates[k].doc, "taxonomy");
    double sum = 0;
    for (const std::string& node : nodes) {
      const auto found = share.find(node);
      if (found != share.end()) sum += found->second;
    }
    if (!nodes.empty()) out[k] = best * sum / static_cast<double>(nodes.size());
  }
}

}  // namespace handsel::features

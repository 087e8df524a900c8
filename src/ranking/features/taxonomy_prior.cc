// taxonomy_prior: how much a candidate's category is the category of the best ones.
//
//   p(node)  = share of the top kTop candidates' scores under each taxonomy node
//   prior(d) = mean of p over the nodes of d's own path, times the best score
//
// 0 to the best score. Pseudo relevance feedback on categories (after Lavrenko & Croft,
// SIGIR 2001, with nodes for words): "kettle" finds kettles before kettle cosies, because most
// of what matches best is kettles. Nothing where listings have no taxonomy.
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ranking/features/feature.h"
#include "ranking/features/top_candidates.h"
#include "views/index/keyword_reader.h"

namespace handsel::features {
namespace {

constexpr std::size_t kTop = 20;

}  // namespace

void taxonomy_prior(const FeatureInput& input, std::span<double> out) {
  const std::vector<WeightedCandidate> top = top_candidates(input, kTop);
  index::KeywordReader nodes(input.snapshot, "taxonomy");
  std::vector<std::uint32_t> path;
  std::map<std::string, double> share_of;
  for (const WeightedCandidate& candidate : top) {
    nodes.read(input.candidates[candidate.number].doc, path);
    for (const std::uint32_t node : path) share_of[nodes.value(node)] += candidate.weight;
  }
  if (share_of.empty()) return;
  const double best = *std::ranges::max_element(input.scores.first(input.peers));
  std::vector<double> shares;  // by number of the node, as they are met
  for (std::size_t k = 0; k < out.size(); ++k) {
    nodes.read(input.candidates[k].doc, path);
    while (shares.size() < nodes.values()) {
      const auto known = share_of.find(nodes.value(static_cast<std::uint32_t>(shares.size())));
      shares.push_back(known == share_of.end() ? 0 : known->second);
    }
    double sum = 0;
    for (const std::uint32_t node : path) sum += shares[node];
    if (!path.empty()) out[k] = best * sum / static_cast<double>(path.size());
  }
}

}  // namespace handsel::features

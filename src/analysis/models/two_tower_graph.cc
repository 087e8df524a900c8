#include "analysis/models/two_tower_graph.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "analysis/models/graph_vectors.h"
#include "analysis/models/two_tower_kernels.h"
#include "base/core/hash.h"

namespace handsel::models {
namespace {

constexpr std::array<float, 5> kInterestWeights = {0, 1, 3, 5, 10};  // by Interest, as the graph that is walked
constexpr float kDoubt = 3;
constexpr std::uint64_t kSignSeed = 0x7369676e;

float length(std::span<const float> vector) {
  return std::sqrt(row_kernels().dot(vector.data(), vector.data(), vector.size()));
}

void scale(std::span<float> vector, float by) {
  for (float& value : vector) value *= by;
}

}  // namespace

TrainingGraph::TrainingGraph(const TrainingData& data, const TrainingCorpus& corpus, std::size_t dimensions)
    : corpus_(corpus), dimensions_(dimensions) {
  if (dimensions_ == 0) return;
  collect(data);
  add_all(data);
}

void TrainingGraph::collect(const TrainingData& data) {
  for (const TrainingExample& example : data.examples) {
    const float weight = kInterestWeights[static_cast<std::size_t>(example.interest)];
    if (weight > 0) pairs_.push_back({example.query, example.listing, weight});
  }
  const auto key = [](const Pair& pair) { return std::uint64_t{pair.query} << 32 | pair.listing; };
  std::ranges::stable_sort(pairs_, {}, key);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    if (kept > 0 && key(pairs_[kept - 1]) == key(pairs_[i])) {
      pairs_[kept - 1].weight += pairs_[i].weight;
    } else {
      pairs_[kept++] = pairs_[i];
    }
  }
  pairs_.resize(kept);
}

void TrainingGraph::add_all(const TrainingData& data) {
  sums_.assign(corpus_.size() * dimensions_, 0.0F);
  std::vector<float> projected(dimensions_);
  FeatureBag bag;
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    if (i == 0 || pairs_[i - 1].query != pairs_[i].query) {
      const TrainingQuery& query = data.queries[pairs_[i].query];
      corpus_.features().of_query({.text = query.text, .language = query.language}, bag);
      project(bag, projected);
    }
    row_kernels().add_floats(sum(pairs_[i].listing).data(), projected.data(), pairs_[i].weight, dimensions_);
  }
}

void TrainingGraph::project(const FeatureBag& bag, std::span<float> out) const {
  std::ranges::fill(out, 0.0F);
  for (std::size_t i = 0; i < bag.ends[static_cast<std::size_t>(QuerySegment::kWords)]; ++i) {
    const float weight = bag.weights[i] * corpus_.rarity()[bag.rows[i]];
    std::uint64_t signs = 0;
    for (std::size_t d = 0; d < out.size(); ++d) {
      if (d % 64 == 0) signs = mix64((std::uint64_t{bag.rows[i]} << 32 | d) ^ kSignSeed);
      out[d] += (signs >> (d % 64) & 1) != 0 ? weight : -weight;
    }
  }
  const float size = length(out);
  if (size > 0) scale(out, 1 / size);
}

void TrainingGraph::vector(std::size_t listing, std::span<float> out) const {
  std::ranges::copy(std::span(sums_).subspan(listing * dimensions_, dimensions_), out.begin());
  scale(out, 1 / (length(out) + kDoubt));
}

void TrainingGraph::without(std::size_t listing, std::uint32_t query, const FeatureBag& bag,
                            std::span<float> out) const {
  std::ranges::copy(std::span(sums_).subspan(listing * dimensions_, dimensions_), out.begin());
  const auto key = [](const Pair& pair) { return std::uint64_t{pair.query} << 32 | pair.listing; };
  const auto pair = std::ranges::lower_bound(pairs_, std::uint64_t{query} << 32 | listing, {}, key);
  if (pair != pairs_.end() && pair->query == query && pair->listing == listing) {
    std::vector<float> projected(dimensions_);
    project(bag, projected);
    row_kernels().add_floats(out.data(), projected.data(), -pair->weight, dimensions_);
  }
  scale(out, 1 / (length(out) + kDoubt));
}

std::string TrainingGraph::file() const {
  std::vector<std::uint64_t> keys;
  std::vector<float> vectors;
  std::vector<bool> is_asked(corpus_.size(), false);
  for (const Pair& pair : pairs_) is_asked[pair.listing] = true;
  for (std::size_t listing = 0; listing < corpus_.size(); ++listing) {
    if (!is_asked[listing]) continue;
    keys.push_back(corpus_.key(listing));
    vectors.resize(vectors.size() + dimensions_);
    vector(listing, std::span(vectors).last(dimensions_));
  }
  return write_graph_vectors(dimensions_, keys, vectors);
}

}  // namespace handsel::models

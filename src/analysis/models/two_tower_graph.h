// The graph of queries and listings while a model learns: who asked for what, and what that makes of a listing.
//
//   q = unit(sum over the query's words of rarity * signs(word))
//   g = s / (|s| + kDoubt),  s = sum over the listing's queries of weight * q
//
// where the signs of a word, +1 or -1, are drawn by its hash: a random projection,
// after Chen et al., "Fast and Accurate Network Embeddings via Very Sparse Random Projection" (arXiv 1908.11512), one
// step of it. The weight is the sum of what was done (kInterestWeights); a listing that one click speaks of is believed
// less than one of a hundred.
//
// A model that is asked which listing was clicked must not be told by that click: without() leaves out what the very
// query says of the listing. The words of other queries stay, as they will for queries that nobody has asked yet.
//
// Immutable once made; any thread. Memory: 4 bytes a listing and dimension, 12 bytes a pair.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/models/two_tower_corpus.h"
#include "analysis/models/two_tower_training.h"

namespace handsel::models {

class TrainingGraph {
 public:
  // Borrows the corpus. The examples name what is there (two_tower_examples.h checks it).
  TrainingGraph(const TrainingData& data, const TrainingCorpus& corpus, std::size_t dimensions);

  std::size_t dimensions() const { return dimensions_; }
  // `out`: dimensions().
  void vector(std::size_t listing, std::span<float> out) const;
  // As if nobody had acted on it after this query, of which `bag` are the features.
  void without(std::size_t listing, std::uint32_t query, const FeatureBag& bag, std::span<float> out) const;

  // The bytes of the file of graph_vectors.h: listings that were acted on.
  std::string file() const;

 private:
  struct Pair {
    std::uint32_t query;
    std::uint32_t listing;
    float weight;
  };
  void collect(const TrainingData& data);
  void add_all(const TrainingData& data);
  // The query's vector, of length 1, or all zero.
  void project(const FeatureBag& bag, std::span<float> out) const;
  std::span<float> sum(std::size_t listing) { return std::span(sums_).subspan(listing * dimensions_, dimensions_); }

  const TrainingCorpus& corpus_;
  const std::size_t dimensions_;
  std::vector<Pair> pairs_;  // by query, then listing
  std::vector<float> sums_;  // s of every listing
};

}  // namespace handsel::models

// The listings nearest to a query under the model as it stands, among all or a sample:
// where hard negatives are found and the result is measured. Exact.
//
// One thread calls; the work is spread over `pool` (null: none).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/models/two_tower.h"
#include "analysis/models/two_tower_corpus.h"
#include "analysis/models/two_tower_examples.h"
#include "analysis/models/two_tower_graph.h"
#include "base/core/thread_pool.h"

namespace handsel::models {

inline constexpr std::size_t kMiningListingsMax = 5'000;

class NearestListings {
 public:
  // All listings up to `listings_max`, beyond that so many drawn blindly.
  NearestListings(const TwoTower& model, const TrainingCorpus& corpus, const TrainingGraph& graph,
                  std::size_t listings_max, Rng rng, ThreadPool* pool);

  std::size_t size() const { return listings_.size(); }
  std::span<const float> vector(std::size_t place) const;
  // The mean of the vectors of those listings, of length 1; all zero where there are
  // none. Only where every listing is here.
  void mean(std::span<const std::uint32_t> listings, std::span<float> out) const;

  // For each example a listing that lies near its query and neither is its answer nor
  // holds all its words; kNothing where there is none. Not the very nearest: those are
  // answers too, more often than not. Looks through kMiningListingsMax of the listings.
  std::vector<std::uint32_t> hard_negatives(std::span<const PreparedExample> examples, const Rng& rng) const;

  // How many listings lie nearer to each query than its answer does. A masked answer is
  // read without the query's words, and every answer without what the query says of it.
  std::vector<std::size_t> ranks(std::span<const PreparedExample> examples) const;

  // Of the listing that lies nearest to `query`; -1 where there are no listings.
  float best_cosine(std::span<const float> query) const;

  static constexpr std::uint32_t kNothing = ~std::uint32_t{0};

 private:
  std::uint32_t hard_negative(const PreparedExample& example, Rng rng) const;
  std::size_t rank(const PreparedExample& example) const;

  const TwoTower& model_;
  const TrainingCorpus& corpus_;
  const TrainingGraph& graph_;
  ThreadPool* const pool_;
  std::vector<std::uint32_t> listings_;
  std::vector<float> vectors_;
};

}  // namespace handsel::models

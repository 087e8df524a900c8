// One step of training: examples and their listings become bags, the module says which
// way they should move, and the table moves.
//
// Columns of a batch are the examples' own listings, then listings drawn blindly, then
// hard ones. Kept from step to step for its memory. One thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/models/two_tower_corpus.h"
#include "analysis/models/two_tower_examples.h"
#include "analysis/models/two_tower_graph.h"
#include "analysis/models/two_tower_module.h"
#include "analysis/models/two_tower_nearest.h"
#include "analysis/models/two_tower_table.h"

namespace handsel::models {

inline constexpr std::size_t kBatchQueries = 256;
inline constexpr std::size_t kMinedPerBatch = 64;  // the first examples of a batch get a hard negative
inline constexpr double kGraphShare = 0.5;   // of listings show what queries say of them; otherwise it is done without
inline constexpr double kWarmUpShare = 0.2;  // of all steps: uniform negatives alone

class TrainingBatch {
 public:
  // Borrows corpus and graph.
  TrainingBatch(const TrainingCorpus& corpus, const TrainingGraph& graph, std::size_t dimensions)
      : corpus_(corpus), graph_(graph), dimensions_(dimensions) {}

  // `mined`: of the first examples, possibly kNothing. `sessions` null: they do not count.
  void fill(std::span<const PreparedExample> examples, std::span<const std::uint32_t> mined,
            const NearestListings* sessions, Rng rng);

  // Moves table and towers once, and returns the loss. `share_done` of all steps sets
  // the rates and what negatives weigh.
  Result<double> learn(TrainingTable& table, TrainerModule& module, double share_done);

 private:
  void fill_queries(std::span<const PreparedExample> examples, const NearestListings* sessions);
  void fill_listings(std::span<const PreparedExample> examples);
  void fill_graph(std::span<const PreparedExample> examples, Rng rng);
  void fill_kinds(std::span<const PreparedExample> examples, std::span<const std::uint32_t> mined);
  std::span<std::uint8_t> kinds_of(std::size_t row) {
    return std::span(kinds_).subspan(row * columns_.size(), columns_.size());
  }

  const TrainingCorpus& corpus_;
  const TrainingGraph& graph_;
  const std::size_t dimensions_;

  std::vector<std::uint32_t> columns_;  // listings
  std::vector<std::uint8_t> kinds_;     // PairKind, queries x columns
  std::vector<float> row_weights_;
  std::vector<FeatureBag> query_bags_;
  std::vector<FeatureBag> listing_bags_;
  std::vector<float> query_side_;
  std::vector<float> listing_side_;
  bool has_sessions_ = false;
  std::vector<float> query_sums_;
  std::vector<float> listing_sums_;
  std::vector<float> query_gradients_;
  std::vector<float> listing_gradients_;
};

}  // namespace handsel::models

// The table of features while it learns: floats, with one sum of squares a row for
// Adagrad (Duchi, Hazan and Singer, JMLR 2011; one rate for a whole row).
//
// Sums and their gradients come and go as plain arrays, bags x segments x dimensions.
// libtorch's own sparse gradients sort and copy every row of a step; this adds in place.
//
// One thread calls; the work is spread over `pool` (null: none) so that the result has
// the same bits with any number of threads: each row is written by one thread, in the
// order of the bags.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/models/two_tower_corpus.h"
#include "analysis/models/two_tower_features.h"
#include "analysis/models/two_tower_module.h"
#include "base/core/rng.h"
#include "base/core/thread_pool.h"

namespace handsel::models {

class TrainingTable {
 public:
  TrainingTable(std::size_t rows, std::size_t dimensions, ThreadPool* pool);

  // The catalogue's leading directions, and noise for what is rare; see the .cc.
  Result<void> begin(const TrainingCorpus& corpus, TrainerModule& module, Rng rng);

  void sums(std::span<const FeatureBag> bags, std::size_t segments, std::vector<float>& out) const;
  void learn(std::span<const FeatureBag> bags, std::size_t segments, std::span<const float> gradients, float rate);

  std::size_t dimensions() const { return dimensions_; }
  std::span<const float> values() const { return values_; }
  std::string save() const;
  // False where the bytes are not of a table of this size.
  bool load(std::string_view bytes);

 private:
  std::vector<float> listings_from_rows(std::span<const FeatureBag> sample) const;
  void rows_from_listings(std::span<const FeatureBag> sample, std::span<const float> of_listings);
  void join(std::span<const float> noise, std::span<const float> rarity, bool has_directions);
  const float* row(std::size_t row) const { return values_.data() + row * dimensions_; }
  float* row(std::size_t row) { return values_.data() + row * dimensions_; }
  void for_parts(const std::function<void(std::size_t part, std::size_t parts)>& body) const;

  const std::size_t dimensions_;
  ThreadPool* const pool_;
  std::vector<float> values_;
  std::vector<float> squares_;
};

}  // namespace handsel::models

// What training keeps of the catalogue: each listing's bag of features, the text from
// which its pseudo-queries are made, and how rare each feature is.
//
// Immutable once read; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/models/two_tower_features.h"
#include "analysis/models/two_tower_pseudo_queries.h"
#include "analysis/models/two_tower_training.h"
#include "base/core/result.h"

namespace handsel::models {

class TrainingCorpus {
 public:
  // `table_bits` 0: chosen by the number of listings. Calls data.visit_listings twice.
  static Result<TrainingCorpus> read(const TrainingData& data, std::size_t table_bits, std::stop_token stop);

  const FeatureMaker& features() const { return *features_; }
  std::size_t size() const { return sources_.size(); }
  const PseudoSource& source(std::size_t listing) const { return sources_[listing]; }
  std::uint64_t key(std::size_t listing) const { return keys_[listing]; }  // graph_vectors.h
  // `bag` is overwritten.
  void bag(std::size_t listing, FeatureBag& bag) const;
  // The same without the rows, ascending, that a query asks for: what is left must
  // answer for them.
  void bag_without(std::size_t listing, std::span<const std::uint32_t> rows, FeatureBag& bag) const;

  // ln(1 + listings / listings with that row). A row that only queries of the log have
  // counts as if one listing had it; 0 for rows that are nowhere.
  const std::vector<float>& rarity() const { return rarity_; }
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  void add(const catalog::Listing& listing);
  void count_rarity(std::span<const TrainingQuery> queries);

  std::unique_ptr<FeatureMaker> features_;
  std::vector<PseudoSource> sources_;
  std::vector<std::uint32_t> rows_;
  std::vector<float> weights_;
  std::vector<std::size_t> begins_{0};
  std::vector<std::array<std::uint32_t, kListingSegments>> ends_;
  std::vector<std::uint64_t> keys_;
  std::vector<float> rarity_;
  std::uint64_t fingerprint_ = 0;
};

}  // namespace handsel::models

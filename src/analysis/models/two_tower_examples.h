// One training example after the other, by number: made from a listing, or drawn from
// the log. The same number gives the same example, so that a run can go on where
// another one stopped.
//
// Every fiftieth query of the log is never drawn: with those the result is measured.
//
// Immutable; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/models/two_tower_corpus.h"
#include "analysis/models/two_tower_training.h"
#include "base/core/rng.h"

namespace handsel::models {

// What a query and a listing of a batch are to each other. Numbers of the batch's
// pair_kinds.
enum class PairKind : std::uint8_t {
  kNone,
  kImpression,  // as Interest, one higher
  kClick,
  kFavourite,
  kCart,
  kPurchase,
  kPseudo,   // the listing that a pseudo-query was made from
  kUniform,  // a listing drawn blindly
  kInBatch,  // a listing of another query of the batch
  kMined,    // a listing that the model took for near
};

inline constexpr std::uint32_t kNoQuery = ~std::uint32_t{0};

struct PreparedExample {
  FeatureBag query;
  std::uint32_t query_number = kNoQuery;  // where it is of the log
  std::uint32_t listing = 0;
  PairKind kind = PairKind::kNone;
  bool listing_is_masked = false;          // the query's own words are taken out of the listing
  std::span<const std::uint32_t> known;    // listings that answer this query too, ascending
  std::span<const std::uint32_t> session;  // listings looked at before
};

class ExampleMaker {
 public:
  // Borrows both. Fails where an example names a query or listing that is not there.
  static Result<ExampleMaker> make(const TrainingData& data, const TrainingCorpus& corpus, std::uint64_t seed);

  PreparedExample example(std::uint64_t number) const;
  // Made from listings, never the same as any example().
  PreparedExample held_out_pseudo(std::uint64_t number, bool masked) const;
  // Positive examples of the queries that are never drawn, at most `count`.
  std::vector<PreparedExample> held_out_log(std::size_t count) const;

  bool has_log() const { return !positives_.numbers.empty(); }
  bool has_sessions() const { return !data_->session_listings.empty(); }

 private:
  // Numbers of examples, drawn in proportion to their weights.
  struct Urn {
    std::vector<std::uint32_t> numbers;
    std::vector<double> weights_up_to;
    void add(std::uint32_t number, double weight);
    std::uint32_t draw(Rng& rng) const;
  };

  ExampleMaker(const TrainingData& data, const TrainingCorpus& corpus, std::uint64_t seed)
      : data_(&data), corpus_(&corpus), rng_(seed) {}
  Result<void> check() const;
  void fill();
  PreparedExample of_log(const TrainingExample& example, Rng& rng) const;
  PreparedExample of_listing(Rng& rng, bool masked) const;

  const TrainingData* data_;
  const TrainingCorpus* corpus_;
  Rng rng_;
  Urn positives_;
  Urn impressions_;
  std::vector<std::uint32_t> held_out_;
  std::vector<std::size_t> known_begins_;  // by query
  std::vector<std::uint32_t> known_;
};

}  // namespace handsel::models

// The two-tower model learns from what was asked, looked at and bought, and from the
// listings themselves.
//
// Each listing makes queries of its own (two_tower_pseudo_queries.h); where there is a
// log, its queries come on top. A pair costs by how far its cosine lies on the wrong
// side of a bound, one bound a level of interest, so that a cosine means something by
// itself (multi-part hinge; Nigam et al., KDD 2019, and Jha et al., arXiv 2306.04833).
// Negatives are drawn uniformly while the model knows nothing; then their weight falls
// in a line while that of hard ones rises: the nearest of the batch, and listings that
// the model of the round before had among its nearest ones (arXiv 2104.08051).
//
// The table of features begins as the catalogue's leading directions of co-occurrence
// (latent semantic analysis by randomised range finding; Halko, Martinsson and Tropp
// 2011), so that words of one kind of thing are neighbours before the first step.
//
// Needs the training module handsel_trainer.so, opened by dlopen. The same data,
// options and seed give the same bytes, whatever the number of threads. Runs for a
// minute at 20,000 listings; where there are sessions, every round encodes all listings
// anew. Memory: about 3 KiB a listing, 100 bytes an example, and 8 KiB a thousand rows and
// dimensions of the table.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "analysis/models/two_tower.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "base/core/thread_pool.h"
#include "facts/catalog/listing.h"

namespace handsel::models {

inline constexpr std::size_t kTrainingListingsMax = 20'000'000;
inline constexpr std::size_t kTrainingExamplesMax = 100'000'000;
inline constexpr std::size_t kTrainingRoundsMax = 1000;

enum class Interest : std::uint8_t { kImpression, kClick, kFavourite, kCart, kPurchase };

struct TrainingQuery {
  std::string text;
  std::string language;
};

struct TrainingExample {
  std::uint32_t query = 0;    // index into TrainingData::queries
  std::uint32_t listing = 0;  // number of a listing
  Interest interest = Interest::kClick;
  std::uint16_t country = 0;        // of who asked: 1 + its index in TrainingData::countries; 0: unknown
  float weight = 1;                 // > 0; a positive example is drawn in proportion to it
  std::uint32_t session_begin = 0;  // what was acted on before, oldest first: a range of
  std::uint32_t session_count = 0;  // TrainingData::session_listings; the last kSessionVectorListings count
};

struct TrainingData {
  using Visit = std::function<void(const catalog::Listing& listing)>;

  // Calls `visit` for each listing, always the same in the same order; a listing's
  // number is its place in it.
  std::function<Result<void>(const Visit& visit)> visit_listings;
  std::vector<TrainingQuery> queries;  // no two alike
  std::vector<std::string> countries;
  std::vector<TrainingExample> examples;  // without any, the catalogue alone is learned
  std::vector<std::uint32_t> session_listings;
};

struct TrainOptions {
  std::uint64_t seed = 1;
  std::size_t dimensions = 128;
  std::size_t hidden = 0;
  std::size_t graph_dimensions = 64;  // of what queries say of a listing (two_tower_graph.h); 0: they say nothing
  std::size_t table_bits = 0;         // 0: by the number of listings
  std::size_t rounds = 10;            // hard negatives are found anew, and a checkpoint written, in each
  std::size_t examples_total = 0;     // over all rounds; 0: by the number of listings and examples
  std::string module_path;            // empty: handsel_trainer.so beside the program
  ThreadPool* pool = nullptr;         // null: the caller's thread alone
  // Where both are given, the state after each round is kept there, and a run with the
  // same data and options goes on from it. The caller removes it once the result is stored.
  FileSystem* files = nullptr;
  std::string checkpoint_path;
};

struct TrainProgress {
  std::string_view stage;  // "reading", "beginning", "training", "measuring"
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  double loss = 0;  // mean since the last call
};

// In the words of an artefact's manifest (base/storage/artefact_store.h).
struct TrainedTwoTower {
  std::map<std::string, std::string> files;
  std::map<std::string, double> metrics;
  std::map<std::string, std::string> details;
  std::string data_fingerprint;
};

// kUnsupported where the training module is not there, kCancelled where `stop` was
// asked for (the checkpoint stays), kInvalidArgument where the data contradict themselves.
Result<TrainedTwoTower> train_two_tower(const TrainingData& data, const TrainOptions& options,
                                        const std::function<void(const TrainProgress&)>& progress = {},
                                        std::stop_token stop = {});

}  // namespace handsel::models

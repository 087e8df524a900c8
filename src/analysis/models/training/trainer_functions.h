// What the program and its training module say to each other: plain C, so that the
// module can be built with other flags and libraries than the program (libtorch takes
// most of a second to load, and a program that only serves has no use for it).
//
// The module holds the small dense weights of both towers and their optimiser; the big
// table of features stays with the caller, who gives sums of its rows and gets the
// gradients of those sums back.
//
// One thread at a time per trainer. No function throws; where one fails it returns
// false and last_error() says why, until the next call on that trainer.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

inline constexpr std::uint32_t kHandselTrainerVersion = 1;
inline constexpr std::size_t kHandselPairKindsMax = 16;

struct HandselTowerShape {
  std::uint64_t segments;
  std::uint64_t side;  // 0: no side vector
};

struct HandselTrainerShape {
  std::uint64_t dimensions;
  std::uint64_t hidden;  // 0: no inner layer
  HandselTowerShape query;
  HandselTowerShape listing;
  std::uint64_t seed;
  std::int32_t threads;
  double learning_rate;
};

// How near a pair of one kind should be. A pair costs
//   weight * (max(0, lower - s)^2 + max(0, s - upper)^2)
// where s is its cosine. nearest_only > 0: only so many pairs of this kind count in
// each row, those with the largest s.
struct HandselPairKind {
  float lower;  // below -1: no such bound
  float upper;  // above 1: no such bound
  float weight;
  std::uint32_t nearest_only;
};

struct HandselBatch {
  std::uint64_t queries;
  std::uint64_t listings;
  const float* query_sums;    // queries x segments x dimensions
  const float* listing_sums;  // listings x segments x dimensions
  const float* query_side;    // queries x side, or null
  const float* listing_side;  // listings x side, or null
  const std::uint8_t* kinds;  // queries x listings: number of a kind; 0 counts for nothing
  const float* row_weights;   // queries
  HandselPairKind pair_kinds[kHandselPairKindsMax];
  double learning_rate_scale;
  float* query_gradients;  // out, as query_sums
  float* listing_gradients;
  double loss;  // out: mean of the rows
};

struct HandselTrainer;
using HandselSink = void (*)(void* context, const char* bytes, std::size_t size);

struct HandselTrainerFunctions {
  std::uint32_t version;
  const char* (*library)();                                   // "libtorch 1.13.1"
  HandselTrainer* (*make)(const HandselTrainerShape* shape);  // null: it failed
  void (*release)(HandselTrainer* trainer);
  bool (*step)(HandselTrainer* trainer, HandselBatch* batch);
  // The weights as floats: query tower, then listing tower, each in the order of the
  // model's file.
  bool (*weights)(HandselTrainer* trainer, HandselSink sink, void* context);
  // Weights and optimiser, to go on from later with the same result.
  bool (*save)(HandselTrainer* trainer, HandselSink sink, void* context);
  bool (*load)(HandselTrainer* trainer, const char* bytes, std::size_t size);
  // Makes the columns of a matrix orthonormal (QR), in place; rows >= columns.
  bool (*orthonormalise)(HandselTrainer* trainer, float* matrix, std::uint64_t rows, std::uint64_t columns);
  const char* (*last_error)(const HandselTrainer* trainer);
};

// The one symbol of the module.
const HandselTrainerFunctions* handsel_trainer_functions();
}

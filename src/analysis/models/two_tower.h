// The two-tower retrieval model: one tower for queries, one for listings, a cosine
// between them. It is learned from this marketplace alone (two_tower_training.h).
//
// Both towers read bags of hashed features (two_tower_features.h) from one table:
//
//   x = sum over segments s of gate[s] * (sum of weight * table[row])
//   y = unit(x) M + relu(unit(x) U + c) V + side P        out = unit(y)
//
// `side` is a dense vector from elsewhere, or nothing: the session's mean for queries
// (in the listings' space), for listings what queries say of them (graph_vectors.h). The
// rows of the table are int8 with a scale each; the rest is float.
//
// File, little-endian: magic, sizes (varint), currency, price edges and countries, the towers'
// floats (order of TowerWeights), a float scale a row, the table's bytes, CRC-32C of
// all that. The CRC and every size are checked, and every float is finite.
//
// Immutable, any thread. About 20 microseconds a query and 30 a listing on one core.
// Paper: "Unified Embedding Based Personalized Retrieval in Etsy Search" (Jha et al.,
// arXiv 2306.04833) for the towers and their inputs; no transformer here.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/models/graph_vectors.h"
#include "analysis/models/text_encoder.h"
#include "analysis/models/two_tower_features.h"
#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::models {

// Of its manifest: how near a listing lies to a query that means nothing (cosine).
inline constexpr std::string_view kSimilarityNoiseMetric = "similarity_noise";
inline constexpr std::string_view kTwoTowerFile = "two_tower.bin";  // its name within an artefact
inline constexpr std::size_t kTwoTowerHiddenMax = 1024;

struct TowerWeights {
  std::vector<float> gates;   // one a segment
  std::vector<float> matrix;  // M: dimensions x dimensions
  std::vector<float> inner;   // U: dimensions x hidden
  std::vector<float> offset;  // c: hidden
  std::vector<float> outer;   // V: hidden x dimensions
  std::vector<float> side;    // P: side dimensions x dimensions
};

// Everything but the table, as training writes it.
struct TwoTowerShape {
  FeatureSettings features;
  std::size_t dimensions = 128;
  std::size_t hidden = 0;            // 0: no inner layer
  std::size_t graph_dimensions = 0;  // 0: listings have no graph vector
};

struct TwoTowerWeights {
  TwoTowerShape shape;
  TowerWeights query;
  TowerWeights listing;
};

// The towers' floats alone, in the order of the file; false where they are too few, too
// many or not finite. weights.shape is given.
bool read_towers(std::string_view floats, TwoTowerWeights& weights);

// The bytes of the file. `table`: shape.features.rows() x dimensions, finite.
std::string write_two_tower(const TwoTowerWeights& weights, std::span<const float> table);

class TwoTower final : public TextEncoder {
 public:
  // kCorrupt where the bytes are not what write_two_tower and write_graph_vectors wrote, or do not fit each other.
  // `graph` null: encode_listings() knows of no listing what queries say of it.
  static Result<std::unique_ptr<TwoTower>> open(std::shared_ptr<const FileBytes> bytes,
                                                std::shared_ptr<const FileBytes> graph = nullptr);

  std::size_t dimensions() const override { return weights_.shape.dimensions; }
  std::string fingerprint() const override { return fingerprint_; }
  bool is_quick() const override { return true; }
  Result<void> encode_queries(std::span<const QueryInput> queries, std::span<float> out) const override;
  Result<void> encode_listings(std::span<const catalog::Listing* const> listings, std::span<float> out) const override;

  std::size_t graph_dimensions() const { return weights_.shape.graph_dimensions; }
  const FeatureMaker& features() const { return features_; }
  const TwoTowerWeights& weights() const { return weights_; }
  float row_scale(std::size_t row) const { return scales_[row]; }
  std::span<const std::int8_t> row(std::size_t row) const { return {table_ + row * dimensions(), dimensions()}; }

  // For who has made the bags already. A side vector of another size, or with a number
  // that is not finite, counts as none.
  void encode_query_bag(const FeatureBag& bag, std::span<const float> session, std::span<float> out) const;
  void encode_listing_bag(const FeatureBag& bag, std::span<const float> graph, std::span<float> out) const;

 private:
  TwoTower(std::shared_ptr<const FileBytes> bytes, TwoTowerWeights weights);
  void encode(const TowerWeights& tower, const FeatureBag& bag, std::span<const float> side,
              std::span<float> out) const;

  const std::shared_ptr<const FileBytes> bytes_;
  const TwoTowerWeights weights_;
  const FeatureMaker features_;
  std::unique_ptr<const GraphVectors> graph_;
  std::vector<float> scales_;
  const std::int8_t* table_ = nullptr;  // into bytes_
  std::string fingerprint_;
};

// `graph`: the graph vectors beside the model; null where it was trained without. kCorrupt where it needs them.
Result<std::unique_ptr<TextEncoder>> open_two_tower(std::shared_ptr<const FileBytes> bytes,
                                                    std::shared_ptr<const FileBytes> graph);

}  // namespace handsel::models

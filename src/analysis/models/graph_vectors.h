// The graph of queries and listings as one vector a listing: the words with which people asked before they acted on it.
// Made when an encoder is trained (two_tower_graph.h), kept beside it and as old as it: a listing that was acted on
// since has its new vector with the next encoder.
//
// File, little-endian: magic, dimensions (varint), the number of listings (8 bytes), then of all of them, by ascending
// key, the keys (hash64 of the id), a float scale each, the codes (an int8 a dimension; value = scale * code), CRC-32C
// of all that. A row that is not finite, keys out of order and a wrong size are refused.
//
// Immutable, any thread. A look-up is a binary search in the file's bytes: a tenth of a microsecond or two.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::models {

inline constexpr std::string_view kGraphVectorsFile = "graph_vectors.bin";  // its name within an artefact

class GraphVectors {
 public:
  // kCorrupt where the bytes are not what write_graph_vectors wrote.
  static Result<std::unique_ptr<GraphVectors>> open(std::shared_ptr<const FileBytes> bytes);

  std::size_t dimensions() const { return dimensions_; }
  std::size_t size() const { return size_; }
  std::uint64_t fingerprint() const { return fingerprint_; }
  // All zero, and false, where nobody asked for it. `out`: dimensions().
  bool find(std::string_view listing_id, std::span<float> out) const;

 private:
  explicit GraphVectors(std::shared_ptr<const FileBytes> bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t key(std::size_t place) const;

  const std::shared_ptr<const FileBytes> bytes_;
  std::size_t dimensions_ = 0;
  std::size_t size_ = 0;
  std::uint64_t fingerprint_ = 0;
  const char* keys_ = nullptr;  // these three into bytes_, not aligned
  const char* scales_ = nullptr;
  const char* codes_ = nullptr;
};

// The key of a listing.
std::uint64_t graph_key(std::string_view listing_id);

// The bytes of the file. Keys in any order; of two that are the same the first counts. `vectors`: a row of `dimensions`
// finite numbers each.
std::string write_graph_vectors(std::size_t dimensions, std::span<const std::uint64_t> keys,
                                std::span<const float> vectors);

}  // namespace handsel::models

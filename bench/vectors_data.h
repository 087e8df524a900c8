// What the vector benchmarks share: the vectors, the exact answers, and one way to ask.
//
// Vectors: 200 kinds, 20 sorts of each, and around each sort items that differ in 32
// directions and a little in all: so they are neither uniform, as embeddings never are,
// nor in tidy heaps. Queries are drawn the same way and are none of the vectors.
// Everything follows from the seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "harness.h"

namespace handsel::bench {

inline constexpr std::size_t kVectorTop = 100;

struct VectorSet {
  std::size_t dimensions = 0;
  std::vector<float> rows;                        // unit length, one after the other
  std::vector<float> queries;                     // the same
  std::vector<std::vector<std::uint32_t>> exact;  // by query: the numbers of its nearest kVectorTop, sorted

  std::size_t size() const { return rows.size() / dimensions; }
  std::span<const float> row(std::size_t i) const { return std::span(rows).subspan(i * dimensions, dimensions); }
  std::span<const float> query(std::size_t i) const { return std::span(queries).subspan(i * dimensions, dimensions); }
};

// --count, --dimensions, --queries, --seed; --folder is where the exact answers are kept between engines.
VectorSet make_vector_set(const Arguments& arguments);

// The numbers of the nearest, at an effort (the engine's own knob).
using AskNearest = std::function<std::vector<std::uint32_t>(std::span<const float> query, std::size_t effort)>;

// One line of JSON for each effort, in growing order, until recall is beyond 0.99. One thread.
void sweep_efforts(std::string_view engine, const VectorSet& set, std::span<const std::size_t> efforts,
                   const AskNearest& ask);

}  // namespace handsel::bench

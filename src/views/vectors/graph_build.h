// Builds the graph of a segment with hnswlib, over int8 codes.
//
// Memory while it builds, for a vector of d dimensions: about d + 4 * links + 130 bytes.
// Levels are drawn from the hash of the id, so the sparse levels are the same in every build;
// the links depend on the order in which threads come by, and only with one thread are they
// the same again. Nodes are numbered as a breadth-first walk meets them, which brings
// neighbours' memory together (Coleman et al. 2021, "Graph Reordering for Cache-Efficient
// Near Neighbor Search", arXiv 2104.03221).
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>

#include "base/core/result.h"
#include "views/vectors/segment_writer.h"

namespace handsel::vectors {

struct GraphOptions {
  std::size_t dimensions = 0;
  std::size_t threads = 1;
  const std::atomic<bool>* stopping = nullptr;  // gives up soon after it turned true
};

class BuiltGraph {
 public:
  virtual ~BuiltGraph() = default;
  virtual const Graph& graph() const = 0;
};

// At least one row. Errors: kCancelled; kTooLarge where there is no memory.
Result<std::unique_ptr<BuiltGraph>> build_graph(std::span<const Row> rows, const GraphOptions& options);

}  // namespace handsel::vectors

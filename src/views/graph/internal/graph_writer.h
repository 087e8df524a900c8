// From nodes and weighted edges to the bytes of a graph.
//
// The bytes depend on the set of nodes and edges alone, not on their order. Time and
// memory in proportion to them: about 30 bytes an edge beside the result.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "views/graph/graph.h"

namespace handsel::graph::internal {

struct RawNode {
  NodeKind kind = NodeKind::kQuery;
  std::string_view name;  // borrowed; a name is there once in its kind
};

struct RawEdge {
  std::uint32_t from = 0;  // number in `nodes`
  std::uint32_t to = 0;
  float weight = 1;
};

struct RawGraph {
  std::vector<RawNode> nodes;
  // Directed. What names no node, or has a weight that is not above zero, is left out; a
  // weight above kWeightMax counts as that.
  std::vector<RawEdge> edges;
  std::int64_t newest_event_ms = 0;
};

inline constexpr float kWeightMax = 1e30f;
inline constexpr std::size_t kNodesMax = 16'000'000;  // 32 bits hold where a name begins
inline constexpr std::size_t kNameBytesMax = 256;
inline constexpr std::size_t kEdgesMax = 2'000'000'000;  // directed

// kTooLarge beyond those.
Result<std::string> write_graph(const RawGraph& graph);

}  // namespace handsel::graph::internal

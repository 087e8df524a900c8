// Small graphs for tests, from names and weights.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "views/graph/graph.h"
#include "views/graph/internal/graph_writer.h"

namespace handsel::graph::internal {

using NamedNode = std::pair<NodeKind, std::string>;
struct NamedEdge {
  NamedNode from;
  NamedNode to;
  float weight = 1;
};

inline NamedNode query(std::string name) {
  return {NodeKind::kQuery, std::move(name)};
}
inline NamedNode listing(std::string name) {
  return {NodeKind::kListing, std::move(name)};
}
inline NamedNode tag(std::string name) {
  return {NodeKind::kTag, std::move(name)};
}

// Directed edges; nodes without any are listed apart.
inline std::string bytes_of(const std::vector<NamedEdge>& edges, const std::vector<NamedNode>& alone = {}) {
  std::map<NamedNode, std::uint32_t> numbers;
  for (const NamedEdge& edge : edges) numbers[edge.from], numbers[edge.to];
  for (const NamedNode& node : alone) numbers[node];
  RawGraph raw;
  for (auto& [node, number] : numbers) {
    number = static_cast<std::uint32_t>(raw.nodes.size());
    raw.nodes.push_back({node.first, node.second});
  }
  for (const NamedEdge& edge : edges) raw.edges.push_back({numbers[edge.from], numbers[edge.to], edge.weight});
  return *write_graph(raw);
}

inline std::shared_ptr<const Graph> graph_of(const std::vector<NamedEdge>& edges,
                                             const std::vector<NamedNode>& alone = {}) {
  return *open_graph(std::make_shared<HeapBytes>(bytes_of(edges, alone)));
}

inline std::vector<NamedEdge> both_ways(std::vector<NamedEdge> edges) {
  const std::size_t one_way = edges.size();
  for (std::size_t i = 0; i < one_way; ++i) edges.push_back({edges[i].to, edges[i].from, edges[i].weight});
  return edges;
}

inline Node node_of(const Graph& graph, const NamedNode& node) {
  return graph.find(node.first, node.second).value();
}

}  // namespace handsel::graph::internal

// Random walks: which listings (or queries, shops, tags) belong to where one starts.
//
// They find listings for a query that share no word with it (XWalk, arXiv 2307.12019).
// Any thread. The same graph, starts, options and seed give the same hits. About 24 ns a
// step by ends, 35 by visits, where the graph is larger than the caches (bench/graph_bench.cc).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "views/graph/graph.h"

namespace handsel::graph {

inline constexpr std::size_t kWalkStartsMax = 64;  // the heaviest are walked from
inline constexpr std::size_t kStepsMax = 2'000'000;

struct WalkStart {
  Node node = 0;
  double weight = 1;  // what is not above zero, or not a number, is no start
  bool operator==(const WalkStart&) const = default;
};

struct WalkOptions {
  std::size_t steps = 100'000;  // over all starts, in expectation; kStepsMax at most
  double restart = 1.0 / 3;     // odds to stop after each step and begin again; 0.01 to 1
  // End nodes: score = ends / degree^degree_correction (RP3beta: Paudel, Christoffel, Newell,
  // Bernstein, ACM TiiS 7(1), 2017). 0: as they are. 0 to 2.
  double degree_correction = 0.8;
  // Visits instead of ends (Pixie: Eksombatchai et al., arXiv 1711.07601): every node passed
  // counts, starts share the steps by Pixie's formula, what several starts reach is lifted by
  // (sum of sqrt)^2, and degrees are left alone.
  bool count_visits = false;
  std::size_t enough_listings = 2'000;  // visits: a start is done once so many nodes of `target` ...
  std::uint32_t enough_visits = 4;      // ... have so many visits each; 0 either: walk to the end
  NodeKind target = NodeKind::kListing;
  std::size_t top = 300;
};

struct WalkHit {
  Node node = 0;
  double score = 0;  // the best has 1; ties by node
  bool operator==(const WalkHit&) const = default;
};

// Starts are never hits themselves. Empty where no start has an edge.
std::vector<WalkHit> walk(const Graph& graph, std::span<const WalkStart> starts, const WalkOptions& options,
                          std::uint64_t seed);

// Listings that the same queries, shops and tags lead to as this one; `options.target` is not
// looked at. Empty where it is not in the graph.
std::vector<WalkHit> similar_listings(const Graph& graph, std::string_view listing_id, const WalkOptions& options,
                                      std::uint64_t seed);

}  // namespace handsel::graph

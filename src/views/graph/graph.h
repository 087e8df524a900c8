// What people did, as a graph: queries, listings, shops and tags, joined by events.
//
// Immutable once built; any thread. Random walks over it find listings for a query
// that share no word with it (XWalk, arXiv 2307.12019; Pixie, arXiv 1711.07601).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "base/core/rng.h"

namespace handsel::graph {

enum class NodeKind : std::uint8_t { kQuery, kListing, kShop, kTag };
using Node = std::uint32_t;

class Graph {
 public:
  virtual ~Graph() = default;
  virtual std::size_t nodes() const = 0;
  virtual std::size_t edges() const = 0;                 // directed
  virtual std::int64_t newest_event_ms() const = 0;
  virtual std::optional<Node> find(NodeKind kind, std::string_view name) const = 0;  // queries: normalised text
  virtual NodeKind kind(Node node) const = 0;
  virtual std::string_view name(Node node) const = 0;
  virtual std::size_t degree(Node node) const = 0;
};

struct WalkStart {
  Node node = 0;
  double weight = 1;
};

struct WalkOptions {
  std::size_t steps = 100'000;      // over all starts
  double restart = 1.0 / 3;         // probability to stop at each step
  double degree_correction = 0.8;   // beta of RP3beta
  bool count_visits = false;        // every visited listing (Pixie) instead of end nodes (RP3beta)
  std::size_t enough_listings = 2'000;  // early stop (visits only): so many listings ...
  std::uint32_t enough_visits = 4;      // ... with so many visits each
  NodeKind target = NodeKind::kListing;
  std::size_t top = 300;
};

struct WalkHit {
  Node node = 0;
  double score = 0;  // the best has 1; ties by node
};

// The same graph, starts, options and seed give the same hits.
std::vector<WalkHit> walk(const Graph& graph, std::span<const WalkStart> starts, const WalkOptions& options,
                          std::uint64_t seed);

// Where a walk for these words begins: the query itself where it is known, otherwise its
// nearest known queries (by shared terms, weighed by idf) and the tags it names. Empty:
// nothing is known of any word.
std::vector<WalkStart> starts_for_query(const Graph& graph, std::string_view normalised_query, std::size_t limit = 8);

}  // namespace handsel::graph

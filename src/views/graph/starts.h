// Where a walk for words begins, known or not.
//
// An unknown query is compared with the known ones, and with the tags, by the words they
// share: the cosine of their sets of terms, each term weighed by its idf. Lists of
// frequent words are read from their busiest queries down, so the cost is bounded:
// kPostingsReadMax postings in all, rare words first. Any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "views/graph/graph.h"
#include "views/graph/walk.h"

namespace handsel::graph {

inline constexpr std::size_t kTermsOfQueryMax = 32;  // the rest of the words is not looked at
inline constexpr std::size_t kPostingsReadMax = 20'000;

struct NearNode {
  Node node = 0;
  double score = 0;  // cosine, above 0, to 1; ties by node, so the busier first
  bool operator==(const NearNode&) const = default;
};

// Known queries that share words with `text`, itself included where it is known; best first.
std::vector<NearNode> nearest_queries(const Graph& graph, std::string_view text, std::size_t limit);

// The query itself where it is known, otherwise its nearest known queries and the tags it
// names. Empty: nothing is known of any word.
std::vector<WalkStart> starts_for_query(const Graph& graph, std::string_view text, std::size_t limit = 8);

}  // namespace handsel::graph

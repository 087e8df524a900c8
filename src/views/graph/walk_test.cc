#include "views/graph/walk.h"

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "views/graph/internal/graph_for_tests.h"

namespace handsel::graph {
namespace {

using internal::both_ways;
using internal::graph_of;
using internal::listing;
using internal::NamedEdge;
using internal::node_of;
using internal::query;

// A small graph with uneven weights, one dead end and one self loop.
std::vector<NamedEdge> uneven_edges() {
  Rng rng(7);
  std::vector<NamedEdge> edges;
  for (int q = 0; q < 6; ++q) {
    for (int l = 0; l < 12; ++l) {
      if (rng.chance(0.4))
        edges.push_back({query("q" + std::to_string(q)), listing("l" + std::to_string(l)),
                         static_cast<float>(rng.exponential(2.0))});
    }
  }
  edges = both_ways(edges);
  edges.push_back({query("q0"), listing("end")});
  edges.push_back({listing("l1"), listing("l1"), 3});
  return edges;
}

// The obvious twin: where walks end, exactly, by pushing probabilities along the edges as
// they were given, step by step, until next to nothing is still on its way.
std::map<std::string, double> exact_ends(const std::vector<NamedEdge>& edges,
                                         const std::map<std::string, double>& starts, double restart) {
  std::map<std::string, double> out_weight;
  for (const NamedEdge& edge : edges) out_weight[edge.from.second] += edge.weight;
  std::map<std::string, double> ends;
  for (const auto& [start, part] : starts) {
    std::map<std::string, double> at{{start, part}};
    for (int step = 0; step < 200; ++step) {
      std::map<std::string, double> next;
      for (const NamedEdge& edge : edges) {
        const double moved = at[edge.from.second] * edge.weight / out_weight[edge.from.second];
        ends[edge.to.second] += restart * moved;
        next[edge.to.second] += (1 - restart) * moved;
      }
      for (const auto& [name, probability] : at) {
        if (out_weight[name] == 0) next[start] += probability;  // no way on: back, without an end
      }
      at = next;
    }
  }
  return ends;
}

TEST(Walk, EndsWhereTheExactDistributionSays) {
  const std::vector<NamedEdge> edges = uneven_edges();
  const auto graph = graph_of(edges);
  const struct {
    std::map<std::string, double> starts;
    double restart;
  } rows[] = {
      {{{"q0", 1.0}}, 1.0 / 3}, {{{"q1", 0.25}, {"q2", 0.75}}, 0.5}, {{{"q3", 1.0}}, 0.1}, {{{"q4", 1.0}}, 1.0}};
  for (const auto& row : rows) {
    const auto exact = exact_ends(edges, row.starts, row.restart);
    std::vector<WalkStart> starts;
    for (const auto& [name, part] : row.starts) starts.push_back({node_of(*graph, query(name)), part});
    const WalkOptions options{.steps = 1'000'000, .restart = row.restart, .degree_correction = 0};
    const auto hits = walk(*graph, starts, options, 11);
    double listings = 0;
    double best = 0;
    std::size_t reachable = 0;
    for (const auto& [name, probability] : exact) {
      if (name.starts_with('q')) continue;
      listings += probability;
      best = std::max(best, probability);
      if (probability > 0) ++reachable;
    }
    ASSERT_EQ(hits.size(), reachable);
    // Pearson's chi-square over the listings, on counts as if all walks that end at one
    // had been spread by the exact distribution; 99.9 % quantile by Wilson and Hilferty.
    double share_sum = 0;
    for (const WalkHit& hit : hits) share_sum += hit.score;
    const double walks = 1e6 * row.restart * listings;
    double chi_square = 0;
    for (const WalkHit& hit : hits) {
      const double expected = walks * exact.at(std::string(graph->name(hit.node))) / listings;
      const double found = walks * hit.score / share_sum;
      chi_square += (found - expected) * (found - expected) / expected;
    }
    const double freedom = static_cast<double>(hits.size()) - 1;
    const double limit = freedom * std::pow(1 - 2 / (9 * freedom) + 3.09 * std::sqrt(2 / (9 * freedom)), 3);
    EXPECT_LT(chi_square, limit) << "restart " << row.restart;
  }
}

TEST(Walk, CorrectsForDegree) {
  const auto graph = graph_of(both_ways({{query("a"), listing("popular")},
                                         {query("a"), listing("rare")},
                                         {query("b"), listing("popular")},
                                         {query("c"), listing("popular")},
                                         {query("d"), listing("popular")}}));
  const std::vector<WalkStart> starts{{node_of(*graph, query("a"))}};
  const auto plain = walk(*graph, starts, {.degree_correction = 0}, 1);
  const auto corrected = walk(*graph, starts, {.degree_correction = 0.8}, 1);
  ASSERT_EQ(plain.size(), 2u);
  ASSERT_EQ(corrected.size(), 2u);
  EXPECT_EQ(graph->name(plain[0].node), "popular");
  EXPECT_EQ(graph->name(corrected[0].node), "rare");
  EXPECT_DOUBLE_EQ(corrected[1].score, 1 / (plain[1].score * std::pow(4, 0.8)));
}

TEST(Walk, VisitsLiftWhatSeveralStartsReach) {
  std::vector<NamedEdge> edges;
  for (const char* q : {"a", "b"}) {
    edges.push_back({query(q), listing("shared")});
    edges.push_back({query(q), listing(std::string("own of ") + q), 1.6f});
  }
  const auto graph = graph_of(both_ways(edges));
  const WalkOptions options{.count_visits = true, .enough_visits = 0};
  const auto names = [&](const std::vector<WalkStart>& starts) {
    std::vector<std::string> names;
    for (const WalkHit& hit : walk(*graph, starts, options, 3)) names.emplace_back(graph->name(hit.node));
    return names;
  };
  const Node a = node_of(*graph, query("a"));
  const Node b = node_of(*graph, query("b"));
  EXPECT_EQ(names({{a}}).front(), "own of a");
  EXPECT_EQ(names({{a}, {b}}).front(), "shared");
}

TEST(Walk, StopsEarlyWhenThereIsEnough) {
  std::vector<NamedEdge> edges;
  for (int l = 0; l < 400; ++l) edges.push_back({query("q"), listing("l" + std::to_string(l))});
  const auto graph = graph_of(both_ways(edges));
  const std::vector<WalkStart> starts{{node_of(*graph, query("q"))}};
  WalkOptions options{.steps = 100'000, .count_visits = true, .enough_listings = 5, .enough_visits = 2, .top = 1'000};
  // Two visits of five among 400 take some sixty steps; to the end all 400 are met.
  EXPECT_LT(walk(*graph, starts, options, 5).size(), 200u);
  options.enough_visits = 0;
  EXPECT_EQ(walk(*graph, starts, options, 5).size(), 400u);
}

TEST(Walk, IsTheSameForTheSameSeed) {
  const auto graph = graph_of(uneven_edges());
  for (const bool visits : {false, true}) {
    const std::vector<WalkStart> starts{{node_of(*graph, query("q1"))}, {node_of(*graph, query("q2")), 2}};
    const std::vector<WalkStart> turned{starts[1], starts[0]};
    const WalkOptions options{.steps = 5'000, .count_visits = visits};
    EXPECT_EQ(walk(*graph, starts, options, 9), walk(*graph, turned, options, 9));
    EXPECT_NE(walk(*graph, starts, options, 9), walk(*graph, starts, options, 10));
  }
}

TEST(Walk, TargetsAnyKindAndLeavesStartsOut) {
  const auto graph = graph_of(uneven_edges());
  const Node start = node_of(*graph, query("q1"));
  const std::vector<WalkStart> starts{{start}};
  for (const bool visits : {false, true}) {
    const auto hits = walk(*graph, starts, {.count_visits = visits, .target = NodeKind::kQuery}, 1);
    EXPECT_EQ(hits.size(), 5u);
    for (const WalkHit& hit : hits) {
      EXPECT_EQ(graph->kind(hit.node), NodeKind::kQuery);
      EXPECT_NE(hit.node, start);
    }
  }
}

TEST(Walk, FindsSimilarListings) {
  const auto graph = graph_of(both_ways({{query("a"), listing("1"), 3},
                                         {query("a"), listing("2"), 3},
                                         {query("b"), listing("2")},
                                         {query("b"), listing("3")},
                                         {query("c"), listing("4")}}));
  const auto hits = similar_listings(*graph, "1", {.degree_correction = 0, .target = NodeKind::kQuery}, 1);
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(graph->name(hits[0].node), "2");
  EXPECT_EQ(graph->name(hits[1].node), "3");
  EXPECT_TRUE(similar_listings(*graph, "unheard of", {}, 1).empty());
}

// Steps go to starts by weight, and to a busy one more than to a quiet one, but not in
// proportion: where each leads to listings of its own, visits tell the shares.
TEST(Walk, SharesStepsByPixiesFormula) {
  std::vector<NamedEdge> edges;
  for (int l = 0; l < 50; ++l) edges.push_back({query("busy"), listing("b" + std::to_string(l))});
  for (int l = 0; l < 2; ++l) edges.push_back({query("quiet"), listing("q" + std::to_string(l))});
  const auto graph = graph_of(both_ways(edges));
  const std::vector<WalkStart> starts{{node_of(*graph, query("busy"))}, {node_of(*graph, query("quiet"))}};
  const WalkOptions options{.steps = 500'000, .restart = 1, .count_visits = true, .enough_visits = 0, .top = 1'000};
  double busy = 0;
  double quiet = 0;
  for (const WalkHit& hit : walk(*graph, starts, options, 1)) {
    (graph->name(hit.node).starts_with('b') ? busy : quiet) += hit.score;
  }
  const double expected = 50.0 / (2 * (std::log(50.0) + 1 - std::log(2.0)));
  EXPECT_NEAR(busy / quiet, expected, 0.05 * expected);
}

TEST(Walk, HasASaneAnswerToEverything) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  const auto empty = graph_of({});
  const std::vector<WalkStart> nowhere{{0}, {4'000'000'000u}};
  EXPECT_TRUE(walk(*empty, nowhere, {}, 1).empty());
  EXPECT_TRUE(walk(*empty, {}, {}, 1).empty());

  const auto graph = graph_of({{query("q"), listing("dead end")},
                               {query("q"), listing("nan"), std::numeric_limits<float>::quiet_NaN()},
                               {query("q"), listing("none"), 0},
                               {query("q"), listing("less"), -1},
                               {query("q"), listing("huge"), std::numeric_limits<float>::infinity()},
                               {query("loop"), query("loop")}},
                              {listing("alone")});
  const Node q = node_of(*graph, query("q"));
  for (const bool visits : {false, true}) {
    WalkOptions options{.steps = 1'000, .count_visits = visits};
    const auto from = [&](double weight) { return std::vector<WalkStart>{{q, weight}}; };
    ASSERT_EQ(walk(*graph, from(1), options, 1).size(), 1u);
    EXPECT_EQ(graph->name(walk(*graph, from(1), options, 1)[0].node), "huge");
    EXPECT_EQ(walk(*graph, from(1e300), options, 1), walk(*graph, from(1), options, 1));
    for (const double weight : {0.0, -1.0, nan, inf}) EXPECT_TRUE(walk(*graph, from(weight), options, 1).empty());
    for (const NamedEdge& at : {NamedEdge{listing("alone"), {}}, NamedEdge{query("loop"), {}}}) {
      const std::vector<WalkStart> starts{{node_of(*graph, at.from)}};
      EXPECT_TRUE(walk(*graph, starts, options, 1).empty());
    }
    for (const double odd : {nan, inf, -inf, 0.0, 1e9}) {
      options.restart = odd;
      options.degree_correction = odd;
      EXPECT_EQ(walk(*graph, from(1), options, 1).size(), 1u) << odd;
    }
    options.top = 0;
    EXPECT_TRUE(walk(*graph, from(1), options, 1).empty());
    options = {.steps = 0, .count_visits = visits};
    EXPECT_TRUE(walk(*graph, from(1), options, 1).empty());
  }
  const std::vector<WalkStart> many(10'000, WalkStart{q});
  EXPECT_EQ(walk(*graph, many, {.steps = 100}, 1).size(), 1u);
}

}  // namespace
}  // namespace handsel::graph

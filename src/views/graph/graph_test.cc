#include "views/graph/graph.h"

#include <gtest/gtest.h>

#include "views/graph/internal/graph_file.h"
#include "views/graph/internal/graph_for_tests.h"
#include "views/graph/starts.h"
#include "views/graph/walk.h"

namespace handsel::graph {
namespace {

using internal::both_ways;
using internal::bytes_of;
using internal::graph_of;
using internal::listing;
using internal::query;
using internal::tag;

std::string small_graph() {
  return bytes_of(both_ways({{query("linen apron"), listing("1")},
                             {query("linen apron"), listing("2"), 5},
                             {query("手作り 財布"), listing("2")},
                             {tag("apron"), listing("1")}}));
}

Result<std::shared_ptr<const Graph>> open(std::string bytes, Check check = Check::kEverything) {
  return open_graph(std::make_shared<HeapBytes>(std::move(bytes)), check);
}

TEST(Graph, NamesKindsAndDegrees) {
  const auto graph = open(small_graph()).value();
  EXPECT_EQ(graph->nodes(), 5u);
  EXPECT_EQ(graph->nodes(NodeKind::kQuery), 2u);
  EXPECT_EQ(graph->nodes(NodeKind::kShop), 0u);
  EXPECT_EQ(graph->edges(), 8u);
  const Node apron = graph->find(NodeKind::kQuery, "linen apron").value();
  EXPECT_EQ(apron, 0u);  // the busiest of its kind
  EXPECT_EQ(graph->kind(apron), NodeKind::kQuery);
  EXPECT_EQ(graph->name(apron), "linen apron");
  EXPECT_EQ(graph->degree(apron), 2u);
  EXPECT_TRUE(graph->find(NodeKind::kQuery, "手作り 財布"));
  EXPECT_EQ(graph->kind(graph->find(NodeKind::kTag, "apron").value()), NodeKind::kTag);
  EXPECT_FALSE(graph->find(NodeKind::kQuery, "apron"));
  EXPECT_FALSE(graph->find(NodeKind::kListing, ""));
  EXPECT_FALSE(graph->find(NodeKind::kListing, std::string(100'000, 'x')));
}

TEST(Graph, AnEmptyOneIsAGraph) {
  const auto graph = open(bytes_of({})).value();
  EXPECT_EQ(graph->nodes(), 0u);
  EXPECT_EQ(graph->edges(), 0u);
  EXPECT_FALSE(graph->find(NodeKind::kQuery, ""));
  EXPECT_TRUE(starts_for_query(*graph, "linen apron").empty());
}

TEST(Graph, BytesDoNotDependOnTheOrderOfEdges) {
  auto edges = both_ways({{query("a"), listing("1")}, {query("b"), listing("1"), 2}, {query("b"), listing("2"), 3}});
  const std::string bytes = bytes_of(edges);
  std::ranges::reverse(edges);
  EXPECT_EQ(bytes_of(edges), bytes);
}

TEST(Graph, AliasTablesKeepTheWeights) {
  // What a row of alias entries says, added up by target.
  const std::vector<float> weights{1, 2, 3.5f, 1e-6f, 100, 7};
  std::vector<internal::NamedEdge> edges;
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    edges.push_back({query("q"), listing(std::to_string(i)), weights[i]});
    sum += weights[i];
  }
  const auto graph = graph_of(edges);
  const auto& file = graph->file();
  const internal::Row row = file.row(graph->find(NodeKind::kQuery, "q").value());
  ASSERT_EQ(row.size, weights.size());
  std::map<Node, double> odds;
  for (std::uint32_t i = 0; i < row.size; ++i) {
    const internal::Edge edge = file.edge(row.begin + i);
    const double kept = edge.threshold / 0x1p32;
    odds[edge.target] += kept / row.size;
    odds[edge.alias] += (1 - kept) / row.size;
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Node node = graph->find(NodeKind::kListing, std::to_string(i)).value();
    EXPECT_NEAR(odds[node], weights[i] / sum, 1e-9) << i;
  }
}

TEST(Graph, DamageIsNoticed) {
  const std::string whole = small_graph();
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    const auto cut = open(whole.substr(0, size));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, Code::kCorrupt) << size;
  }
  // Between sections there is padding that nobody reads.
  const auto undamaged = open(whole).value();
  std::size_t noticed = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    const auto opened = open(damaged);
    if (!opened) ++noticed;
    if (opened) {
      EXPECT_EQ(whole[i], '\0') << i;
    }
  }
  EXPECT_GT(noticed, 700u);
}

TEST(Graph, DamageBehindUncheckedSumsIsHarmless) {
  const std::string whole = small_graph();
  for (std::size_t i = sizeof(internal::Header); i < whole.size(); ++i) {
    for (const unsigned char flip : {0x01, 0x80, 0xff}) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      const auto graph = open(damaged, Check::kStructure);
      ASSERT_TRUE(graph) << i;
      (void)walk(**graph, starts_for_query(**graph, "apron linen"), {.steps = 200}, 1);
      (void)nearest_queries(**graph, "財布", 3);
      for (Node node = 0; node < (*graph)->nodes(); ++node) (void)(*graph)->name(node);
    }
  }
}

TEST(Graph, OtherVersionsAreNamed) {
  std::string bytes = small_graph();
  bytes[8] = 9;
  const auto opened = open(bytes);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::kUnsupported);
}

}  // namespace
}  // namespace handsel::graph

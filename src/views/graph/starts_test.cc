#include "views/graph/starts.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "views/graph/internal/graph_for_tests.h"

namespace handsel::graph {
namespace {

using internal::both_ways;
using internal::graph_of;
using internal::listing;
using internal::query;
using internal::tag;

std::shared_ptr<const Graph> some_words() {
  return graph_of(both_ways({{query("linen apron"), listing("1")},
                             {query("linen apron"), listing("2")},
                             {query("linen apron"), listing("3")},
                             {query("linen shirt"), listing("4")},
                             {query("linen dress"), listing("5")},
                             {query("cotton apron for cooks"), listing("1")},
                             {query("手作り 財布"), listing("6")},
                             {tag("aprons"), listing("1")}}));
}

std::vector<std::string> names(const Graph& graph, const std::vector<WalkStart>& starts) {
  std::vector<std::string> names;
  for (const WalkStart& start : starts) names.emplace_back(graph.name(start.node));
  return names;
}

TEST(Starts, KnownUnknownAndForeign) {
  const auto graph = some_words();
  using Names = std::vector<std::string>;
  const struct {
    std::string query;
    std::size_t limit;
    Names expected;
  } rows[] = {
      {"linen apron", 8, {"linen apron"}},
      {" Línen  APRON ", 8, {"linen apron"}},   // one spelling
      {"aprons", 1, {"aprons"}},                // a tag of that name
      {"apron", 2, {"aprons", "linen apron"}},  // the tag names it whole
      {"apron linen", 1, {"linen apron"}},      // the same words, turned
      {"linen dresses", 1, {"linen dress"}},    // the rarer word decides
      {"財布", 8, {"手作り 財布"}},             // part of it
      {"xyzzy", 8, {}},
      {"", 8, {}},
      {"apron", 0, {}},
      {"linen apron", 0, {}},
      {std::string(10'000, 'x'), 8, {}},
      {std::string("\xff\xfe\0", 3), 8, {}},
  };
  for (const auto& row : rows) {
    const auto starts = starts_for_query(*graph, row.query, row.limit);
    EXPECT_EQ(names(*graph, starts), row.expected) << row.query.substr(0, 40);
    for (const WalkStart& start : starts) EXPECT_TRUE(start.weight > 0 && start.weight <= 1) << start.weight;
  }
}

TEST(Starts, AQueryOfTenThousandLettersIsReadInPart) {
  const auto graph = some_words();
  std::string words = "apron ";
  while (words.size() < 10'000) words += "linen word" + std::to_string(words.size()) + " ";
  EXPECT_FALSE(starts_for_query(*graph, words).empty());
}

TEST(Starts, NearestQueriesAreScoredByCosine) {
  const auto graph = some_words();
  const auto near = nearest_queries(*graph, "linen apron", 3);
  ASSERT_EQ(near.size(), 3u);
  EXPECT_EQ(graph->name(near[0].node), "linen apron");
  EXPECT_NEAR(near[0].score, 1, 1e-6);
  EXPECT_LT(near[1].score, 1);
  for (const NearNode& node : near) EXPECT_EQ(graph->kind(node.node), NodeKind::kQuery);
}

}  // namespace
}  // namespace handsel::graph

#include "views/graph/builder.h"

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "views/graph/graph.h"
#include "views/graph/internal/graph_file.h"

namespace handsel::graph {
namespace {

using events::Event;
using events::EventKind;

constexpr std::int64_t kDay = 24ll * 60 * 60 * 1000;

struct Row {
  EventKind kind = EventKind::kClick;
  std::string session;
  std::string query_id;
  std::string words;  // query for a search, listing for the rest
  std::int64_t time_ms = 1'000'000;
};

Event event_of(const Row& row) {
  Event event;
  event.kind = row.kind;
  event.session_id = row.session;
  event.query_id = row.query_id;
  (row.kind == EventKind::kSearch ? event.query : event.listing_id) = row.words;
  event.time_ms = row.time_ms;
  return event;
}

void observe(GraphBuilder& builder, const std::vector<Row>& rows) {
  for (const Row& row : rows) builder.observe(event_of(row));
}

std::shared_ptr<const Graph> built(const GraphBuilder& builder) {
  return open_graph(std::make_shared<HeapBytes>(builder.build().value())).value();
}

// The odds of each neighbour.
std::map<std::string, double> neighbours(const Graph& graph, NodeKind kind, std::string_view name) {
  std::map<std::string, double> odds;
  const auto node = graph.find(kind, name);
  if (!node) return odds;
  const internal::Row row = graph.file().row(*node);
  for (std::uint32_t i = 0; i < row.size; ++i) {
    const internal::Edge edge = graph.file().edge(row.begin + i);
    const double kept = std::round(edge.threshold / 0x1p20) / 0x1p12;
    odds[std::string(graph.name(edge.target))] += kept / row.size;
    if (kept < 1) odds[std::string(graph.name(edge.alias))] += (1 - kept) / row.size;
  }
  return odds;
}

TEST(GraphBuilder, WeighsByKind) {
  GraphBuilder builder({.people_min = 1});
  observe(builder, {{EventKind::kSearch, "s", "1", "Linen Apron"},
                    {EventKind::kClick, "s", "1", "clicked"},
                    {EventKind::kFavourite, "s", "1", "liked"},
                    {EventKind::kCart, "s", "1", "carted"},
                    {EventKind::kPurchase, "s", "1", "bought"},
                    {EventKind::kImpression, "s", "1", "seen"},
                    {EventKind::kReport, "s", "1", "reported"},
                    {EventKind::kExposure, "s", "1", "exposed"}});
  const auto graph = built(builder);
  const auto odds = neighbours(*graph, NodeKind::kQuery, "linen apron");
  ASSERT_EQ(odds.size(), 4u);
  EXPECT_NEAR(odds.at("clicked"), 1.0 / 19, 1e-3);
  EXPECT_NEAR(odds.at("liked"), 3.0 / 19, 1e-3);
  EXPECT_NEAR(odds.at("carted"), 5.0 / 19, 1e-3);
  EXPECT_NEAR(odds.at("bought"), 10.0 / 19, 1e-3);
  EXPECT_EQ(graph->newest_event_ms(), 1'000'000);
}

TEST(GraphBuilder, WeighsByAge) {
  for (const std::int64_t age : {30 * kDay, 3 * kDay}) {
    GraphBuilder builder({.people_min = 1});
    const std::int64_t now = 20'000 * kDay;
    observe(builder, {{EventKind::kSearch, "s", "1", "apron", now - age},
                      {EventKind::kClick, "s", "1", "old", now - age},
                      {EventKind::kSearch, "s", "2", "apron", now},
                      {EventKind::kClick, "s", "2", "new", now}});
    const auto odds = neighbours(*built(builder), NodeKind::kQuery, "apron");
    const double decayed = std::exp(-static_cast<double>(age) / (30.0 * kDay));
    EXPECT_NEAR(odds.at("old"), decayed / (1 + decayed), 1e-3);
  }
}

TEST(GraphBuilder, DecaysOverManyYearsWithoutOverflow) {
  GraphBuilder builder({.people_min = 1});
  for (std::int64_t day = 0; day < 40'000; day += 100) {
    observe(builder, {{EventKind::kSearch, "s", "1", "apron", day * kDay},
                      {EventKind::kClick, "s", "1", "l" + std::to_string(day), day * kDay}});
  }
  const auto odds = neighbours(*built(builder), NodeKind::kQuery, "apron");
  EXPECT_NEAR(odds.at("l39900"), 1 - std::exp(-100.0 / 30), 1e-3);
}

TEST(GraphBuilder, FindsTheQueryOfAnEvent) {
  GraphBuilder builder({.people_min = 1});
  const std::int64_t minute = 60'000;
  observe(builder, {{EventKind::kSearch, "s", "1", "apron", 0},
                    {EventKind::kClick, "s", "1", "a", 1},
                    {EventKind::kSearch, "s", "2", "bowl", 2},
                    {EventKind::kPurchase, "s", "", "a", 3},             // met under 'apron'
                    {EventKind::kPurchase, "s", "", "b", 4},             // the last search
                    {EventKind::kPurchase, "s", "", "c", 60 * minute},   // the search is long past
                    {EventKind::kClick, "s", "1", "late", 60 * minute},  // but its own id still tells
                    {EventKind::kClick, "other", "nobody's", "d", 5},
                    {EventKind::kClick, "", "", "e", 5},
                    {EventKind::kClick, "s", "2", "", 5}});
  Event with_words = event_of({EventKind::kClick, "third", "lost", "f", 5});
  with_words.query = "Cup";
  builder.observe(with_words);
  const auto graph = built(builder);
  EXPECT_EQ(graph->nodes(NodeKind::kListing), 4u);
  EXPECT_EQ(neighbours(*graph, NodeKind::kQuery, "apron").size(), 2u);
  EXPECT_TRUE(neighbours(*graph, NodeKind::kQuery, "apron").contains("a"));
  EXPECT_TRUE(neighbours(*graph, NodeKind::kQuery, "apron").contains("late"));
  EXPECT_TRUE(neighbours(*graph, NodeKind::kQuery, "bowl").contains("b"));
  EXPECT_EQ(neighbours(*graph, NodeKind::kQuery, "bowl").size(), 1u);
  EXPECT_TRUE(neighbours(*graph, NodeKind::kQuery, "cup").contains("f"));
}

TEST(GraphBuilder, WhatOnePersonTypedStaysWithThem) {
  GraphBuilder builder({});
  observe(builder, {{EventKind::kSearch, "s1", "1", "my name", 1},
                    {EventKind::kClick, "s1", "1", "a", 2},
                    {EventKind::kClick, "s1", "1", "b", 2},
                    {EventKind::kSearch, "s1", "2", "apron", 3},
                    {EventKind::kClick, "s1", "2", "a", 4}});
  EXPECT_EQ(built(builder)->nodes(), 0u);
  observe(builder, {{EventKind::kSearch, "s2", "3", "Apron", 5}});
  const auto graph = built(builder);
  EXPECT_TRUE(graph->find(NodeKind::kQuery, "apron"));
  EXPECT_FALSE(graph->find(NodeKind::kQuery, "my name"));
  Event again = event_of({EventKind::kSearch, "s9", "4", "my name", 6});
  again.user_id = "u";
  GraphBuilder users({});
  for (int session = 0; session < 3; ++session) {
    Event search = event_of({EventKind::kSearch, std::to_string(session), std::to_string(session), "my name", 6});
    Event click = event_of({EventKind::kClick, std::to_string(session), std::to_string(session), "a", 6});
    search.user_id = click.user_id = "one";
    users.observe(search);
    users.observe(click);
  }
  EXPECT_EQ(built(users)->nodes(), 0u);  // three sessions, one user
}

TEST(GraphBuilder, JoinsListingsToShopsAndTags) {
  GraphBuilder builder({});
  const std::vector<std::string> tags{"Linen", " linen ", "apron", ""};
  const std::vector<std::string> lonely{"linen", "only here"};
  builder.add_listing({"1", "shop", tags});
  builder.add_listing({"2", "shop", lonely});
  builder.add_listing({"", "shop", tags});
  auto graph = built(builder);
  EXPECT_EQ(graph->nodes(NodeKind::kTag), 1u);
  EXPECT_EQ(graph->nodes(NodeKind::kShop), 1u);
  EXPECT_EQ(neighbours(*graph, NodeKind::kListing, "1"),
            (std::map<std::string, double>{{"linen", 0.5}, {"shop", 0.5}}));
  EXPECT_EQ(builder.stats().links, 6u);
  EXPECT_EQ(builder.stats().left_out, 1u);

  builder.add_listing({"1", "elsewhere", tags});
  graph = built(builder);
  EXPECT_EQ(graph->nodes(NodeKind::kShop), 0u);
  EXPECT_EQ(graph->nodes(NodeKind::kTag), 1u);
  for (int i = 0; i < 5'000; ++i) builder.add_listing({"1", "shop", tags});
  EXPECT_EQ(built(builder)->nodes(NodeKind::kShop), 1u);
  EXPECT_EQ(builder.stats().links, 6u);
  builder.remove_listing("1");
  builder.remove_listing("unheard of");
  EXPECT_EQ(built(builder)->nodes(), 0u);
}

TEST(GraphBuilder, ARemovedListingTakesItsEventsAlong) {
  GraphBuilder builder({.people_min = 1});
  observe(builder, {{EventKind::kSearch, "s", "1", "apron"}, {EventKind::kClick, "s", "1", "a"}});
  builder.remove_listing("a");
  EXPECT_EQ(built(builder)->nodes(), 0u);
  builder.add_listing({"a", "", {}});
  EXPECT_EQ(built(builder)->nodes(), 2u);
}

TEST(GraphBuilder, StaysWithinItsLimits) {
  GraphBuilder builder(
      {.people_min = 1, .pairs_max = 100, .queries_max = 10, .listings_max = 50, .recent_searches_max = 20});
  for (int i = 0; i < 5'000; ++i) {
    const std::string number = std::to_string(i);
    observe(builder, {{EventKind::kSearch, number, number, "query " + std::to_string(i % 40), i},
                      {EventKind::kClick, number, number, "l" + std::to_string(i * 7 % 80), i}});
    // What matters stays.
    observe(builder,
            {{EventKind::kSearch, "s", "strong", "strong", i}, {EventKind::kPurchase, "s", "strong", "l0", i}});
  }
  EXPECT_LE(builder.stats().pairs, 100u);
  EXPECT_LE(builder.stats().queries, 10u);
  EXPECT_LE(builder.stats().listings, 50u);
  EXPECT_GT(builder.stats().left_out, 0u);
  EXPECT_TRUE(built(builder)->find(NodeKind::kQuery, "strong"));
  EXPECT_GT(built(builder)->nodes(NodeKind::kQuery), 5u);
}

TEST(GraphBuilder, LimitsFollowTheBytesThatThereAre) {
  const GraphOptions defaults;
  const GraphOptions none = options_within(0);
  EXPECT_EQ(none.pairs_max, 1'000u);
  const GraphOptions some = options_within(32 << 20);
  EXPECT_LE(some.pairs_max * 120 + some.links_max * 70 + (some.queries_max + some.listings_max) * 150, 32u << 20);
  EXPECT_GT(some.pairs_max, 50'000u);
  EXPECT_EQ(options_within(std::size_t{1} << 40).pairs_max, defaults.pairs_max);
}

TEST(GraphBuilder, SameInputSameBytes) {
  const auto bytes = [] {
    GraphBuilder builder({.people_min = 1, .pairs_max = 60});
    const std::vector<std::string> tags{"a", "b"};
    for (int i = 0; i < 500; ++i) {
      const std::string number = std::to_string(i % 70);
      observe(builder, {{EventKind::kSearch, number, number, "query " + number, i},
                        {EventKind::kClick, number, number, "l" + std::to_string(i % 30), i}});
      builder.add_listing({"l" + number, "shop", tags});
    }
    return builder.build().value();
  };
  EXPECT_EQ(bytes(), bytes());
}

TEST(GraphBuilder, SurvivesOddOptionsAndEvents) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double odd : {nan, std::numeric_limits<double>::infinity(), -1.0, 0.0}) {
    GraphBuilder builder({.click_weight = odd, .shop_weight = odd, .tag_weight = odd, .tau_ms = odd, .people_min = 0});
    const std::vector<std::string> tags{"t"};
    builder.add_listing({"1", "shop", tags});
    builder.add_listing({"2", "shop", tags});
    observe(builder, {{EventKind::kSearch, "s", "1", "apron"},
                      {EventKind::kClick, "s", "1", "1"},
                      {EventKind::kPurchase, "s", "1", "2"},
                      {EventKind::kClick, "s", "1", "past", std::numeric_limits<std::int64_t>::min()},
                      {EventKind::kClick, "s", "1", "future", std::numeric_limits<std::int64_t>::max()},
                      {EventKind::kClick, "s", "1", std::string(10'000, 'x')}});
    EXPECT_TRUE(built(builder)->find(NodeKind::kQuery, "apron"));
    EXPECT_FALSE(built(builder)->find(NodeKind::kListing, "future"));
  }
}

}  // namespace
}  // namespace handsel::graph

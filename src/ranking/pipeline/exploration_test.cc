#include "ranking/pipeline/exploration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "ranking/query/testing/small_catalogue.h"

namespace handsel::pipeline {
namespace {

using index::DocRef;

constexpr std::int64_t kDayMs = 86'400'000;

std::vector<RankedItem> items_with(const std::vector<double>& scores) {
  std::vector<RankedItem> items;
  for (std::uint32_t i = 0; i < scores.size(); ++i) items.push_back({{.doc = {.segment = 0, .doc = i}}, scores[i], i});
  return items;
}

std::vector<RankedItem> level(std::size_t count, double score = 10) {
  return items_with(std::vector<double>(count, score));
}

std::vector<std::size_t> order_of(const std::vector<RankedItem>& items) {
  std::vector<std::size_t> out;
  for (const RankedItem& item : items) out.push_back(item.candidate);
  return out;
}

bool behind_page(DocRef doc) {
  return doc.doc >= kFirstPagePlaces;
}

TEST(Exploration, GivesEachTwelveOnePlaceAndLeavesTheFirstThreeAlone) {
  std::set<std::size_t> places;
  for (int day = 0; day < 200; ++day) {
    auto items = level(100);
    const auto moves = explore(items, {.normalised_query = "cup", .now_ms = day * kDayMs, .is_new = behind_page});
    ASSERT_GE(moves.size(), 1u);
    ASSERT_LE(moves.size(), 2u);
    for (const Move& move : moves) {
      EXPECT_GE(move.to, kPlacesLeftAlone);
      EXPECT_LT(move.to, kFirstPagePlaces);
      EXPECT_GE(move.from, kFirstPagePlaces);
      EXPECT_EQ(items[move.to].hit.doc, move.doc);
      places.insert(move.to);
    }
    if (moves.size() == 2) {
      EXPECT_GE(moves[1].to, moves[0].to + kPlacesPerNewListing);
    }
    for (std::size_t i = 0; i < kPlacesLeftAlone; ++i) EXPECT_EQ(items[i].candidate, i);
  }
  EXPECT_GT(places.size(), 15u);  // the day decides
}

TEST(Exploration, IsTheSameAllDayAndAnotherForAnotherQuery) {
  const auto explored = [](std::string_view query, std::int64_t now_ms) {
    auto items = level(60);
    explore(items, {.normalised_query = query, .now_ms = now_ms, .is_new = behind_page});
    return order_of(items);
  };
  const auto morning = explored("cup", 20'000 * kDayMs);
  EXPECT_EQ(morning, explored("cup", 20'000 * kDayMs + kDayMs - 1));
  EXPECT_NE(morning, explored("cup", 20'001 * kDayMs));
  EXPECT_NE(morning, explored("bowl", 20'000 * kDayMs));
  EXPECT_NE(explored("cup", -1), explored("cup", 0));  // days before 1970 are days too
}

TEST(Exploration, DoesNothingWhereItWouldCostTooMuch) {
  struct Row {
    std::string_view what;
    std::vector<RankedItem> items;
    bool explores;
  };
  const auto behind = [](double page, double rest) {
    std::vector<double> scores(kFirstPagePlaces, page);
    scores.resize(60, rest);
    return items_with(scores);
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<Row> rows = {
      {"as good", behind(10, 10), true},
      {"just worth it", behind(10, 8), true},
      {"below the share", behind(10, 7.99), false},
      // -10 is worth 0 where it is the lowest.
      {"below 0", behind(-1, -10), false},
      {"all alike below 0", behind(-1, -1), false},  // nothing says what a score is worth
      {"all zero", behind(0, 0), false},
      {"no number behind", behind(10, nan), false},
      {"no number on the page", behind(nan, 10), false},
      {"infinite behind", behind(10, infinity), false},
      {"nothing behind", level(kFirstPagePlaces), false},
      {"nothing at all", {}, false},
  };
  for (const Row& row : rows) {
    auto items = row.items;
    const auto moves = explore(items, {.normalised_query = "cup", .now_ms = 7, .is_new = behind_page});
    EXPECT_EQ(!moves.empty(), row.explores) << row.what;
    if (!row.explores) {
      EXPECT_EQ(order_of(items), order_of(row.items)) << row.what;
    }
  }
  auto items = level(60);
  EXPECT_TRUE(explore(items, {.normalised_query = "cup", .is_new = [](DocRef) { return false; }}).empty());
}

TEST(Exploration, LosesNothingMovesNothingHeldAndStaysWithinItsBounds) {
  Rng rng(9);
  std::size_t explored = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::vector<double> scores(rng.below(120));
    const double low = rng.below(2) == 0 ? 5 : -5;
    for (double& score : scores) score = low + static_cast<double>(rng.below(1'000)) / 200;
    std::ranges::sort(scores, std::greater<>());
    auto items = items_with(scores);
    const double base = score_base(items);
    std::vector<DocRef> held;
    for (std::uint32_t i = 0; i < scores.size(); ++i) {
      if (rng.below(5) == 0) held.push_back({.segment = 0, .doc = i});
    }
    const std::uint64_t share = 1 + rng.below(10);
    const auto moves = explore(items, {.normalised_query = fmt::format("q{}", round),
                                       .now_ms = round,
                                       .held = held,
                                       .is_new = [&](DocRef doc) { return doc.doc % share == 0; }});
    explored += moves.size();
    EXPECT_LE(moves.size(), 2u);
    for (const DocRef doc : held) EXPECT_EQ(items[doc.doc].hit.doc, doc);
    double page = 0;
    double page_after = 0;
    for (std::size_t i = 0; i < std::min(scores.size(), kFirstPagePlaces); ++i) {
      page += scores[i] - base;
      page_after += items[i].score - base;
    }
    EXPECT_GE(page_after, page * (1 - kLossMax) - 1e-9);
    for (const Move& move : moves) {
      EXPECT_EQ(move.doc.doc % share, 0u);
      EXPECT_GE(move.score - base, kWorthMin * (scores[move.to] - base) - 1e-9);
    }
    auto order = order_of(items);
    std::ranges::sort(order);
    for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], i);
  }
  EXPECT_GT(explored, 500u);
}

TEST(Exploration, NewIsYoungAndSeldomShown) {
  constexpr std::int64_t kNow = 20'000 * kDayMs;
  query::SmallCatalogue catalogue("exploration");
  const auto put = [&](std::string id, std::int64_t created_ms) {
    catalogue.put({.id = id, .title = id, .created_ms = created_ms});
  };
  put("young", kNow - kNewAgeMaxMs + 1);
  put("old", kNow - kNewAgeMaxMs);
  put("future", kNow + kDayMs);
  put("unknown", 0);
  put("shown", kNow - kDayMs);
  put("seldom", kNow - kDayMs);
  const auto counters = profiles::Counters::create({});
  const auto show = [&](std::string id, int times) {
    for (int i = 0; i < times; ++i) {
      counters->observe({.id = fmt::format("{}{}", id, i),
                         .kind = events::EventKind::kImpression,
                         .time_ms = kNow,
                         .listing_id = id});
    }
  };
  show("shown", 20);
  show("seldom", 19);
  const auto snapshot = catalogue.snapshot();
  const auto is_new = [&](std::string_view id) {
    return is_new_listing(*snapshot, *index::find_document(*snapshot, id), *counters, kNow);
  };
  EXPECT_TRUE(is_new("young"));
  EXPECT_FALSE(is_new("old"));
  EXPECT_TRUE(is_new("future"));
  EXPECT_FALSE(is_new("unknown"));
  EXPECT_FALSE(is_new("shown"));
  EXPECT_TRUE(is_new("seldom"));
}

}  // namespace
}  // namespace handsel::pipeline

// What walks are worth where words are of no use: a planted world in which the queries of
// one intent share no word, and pairs of query and listing that were held back.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "views/graph/builder.h"
#include "views/graph/starts.h"
#include "views/graph/walk.h"

namespace handsel::graph {
namespace {

constexpr int kIntents = 100;
constexpr int kQueriesOfIntent = 10;
constexpr int kListingsOfIntent = 80;
constexpr int kClicksOfQuery = 40;
constexpr double kStray = 0.3;     // of clicks: on what is popular everywhere
constexpr double kHeldBack = 0.2;  // of (query, listing) pairs
constexpr std::size_t kCut = 100;

using Listings = std::set<std::string>;
struct Planted {
  std::map<std::string, Listings> known;      // by query
  std::map<std::string, Listings> held_back;  // by query: of its own intent alone
  std::map<std::string, int> popularity;
  std::shared_ptr<const Graph> graph;
};

int draw_rank(Rng& rng, int count) {
  return std::min(count - 1, static_cast<int>(std::exp(rng.uniform() * std::log(count + 1.0)) - 1));
}

Planted plant(std::uint64_t seed) {
  Planted planted;
  Rng rng(seed);
  std::map<std::string, std::map<std::string, int>> clicks;
  for (int intent = 0; intent < kIntents; ++intent) {
    for (int q = 0; q < kQueriesOfIntent; ++q) {
      const std::string query = "word" + std::to_string(intent * kQueriesOfIntent + q);
      for (int i = 0; i < kClicksOfQuery; ++i) {
        const bool strays = rng.chance(kStray);
        // Strays land on the first listings of the first intents most.
        const int home = strays ? draw_rank(rng, kIntents) : intent;
        const std::string listing = std::to_string(home * kListingsOfIntent + draw_rank(rng, kListingsOfIntent));
        ++clicks[query][listing];
      }
    }
  }
  GraphBuilder builder({.people_min = 1});
  events::Event click;
  click.kind = events::EventKind::kClick;
  for (const auto& [query, listings] : clicks) {
    const int intent = std::stoi(query.substr(4)) / kQueriesOfIntent;
    for (const auto& [listing, count] : listings) {
      const bool is_own = std::stoi(listing) / kListingsOfIntent == intent;
      if (rng.chance(kHeldBack)) {
        if (is_own) planted.held_back[query].insert(listing);
        continue;
      }
      planted.known[query].insert(listing);
      planted.popularity[listing] += count;
      click.query = query;
      click.listing_id = listing;
      for (int i = 0; i < count; ++i) builder.observe(click);
    }
  }
  planted.graph = *open_graph(std::make_shared<HeapBytes>(*builder.build()));
  return planted;
}

// Mean share of the held back listings among the best kCut that were not known.
using Ranking = std::function<std::vector<std::string>(const std::string& query)>;
double recall(const Planted& planted, const Ranking& ranking) {
  double sum = 0;
  for (const auto& [query, wanted] : planted.held_back) {
    std::size_t seen = 0;
    std::size_t found = 0;
    for (const std::string& listing : ranking(query)) {
      if (planted.known.at(query).contains(listing)) continue;
      if (++seen > kCut) break;
      if (wanted.contains(listing)) ++found;
    }
    sum += static_cast<double>(found) / static_cast<double>(wanted.size());
  }
  return sum / static_cast<double>(planted.held_back.size());
}

std::vector<std::string> by_popularity(const Planted& planted) {
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [listing, count] : planted.popularity) order.emplace_back(-count, listing);
  std::ranges::sort(order);
  std::vector<std::string> names;
  for (auto& [count, listing] : order) names.push_back(std::move(listing));
  return names;
}

TEST(WalkQuality, FindsWhatNoWordWouldAndPopularityDoesNot) {
  const Planted planted = plant(1);
  const Graph& graph = *planted.graph;
  const auto walked = [&](const WalkOptions& options) {
    return recall(planted, [&](const std::string& query) {
      std::vector<std::string> names;
      for (const WalkHit& hit : walk(graph, starts_for_query(graph, query), options, 1)) {
        names.emplace_back(graph.name(hit.node));
      }
      return names;
    });
  };
  const std::vector<std::string> popular = by_popularity(planted);
  const double popularity = recall(planted, [&](const std::string&) { return popular; });
  const double plain = walked({.steps = 10'000, .degree_correction = 0});
  const double corrected = walked({.steps = 10'000});
  const double visits = walked({.steps = 10'000, .count_visits = true});
  std::printf("recall@100, %zu queries: popularity %.3f, ends %.3f, ends corrected for degree %.3f, visits %.3f\n",
              planted.held_back.size(), popularity, plain, corrected, visits);
  // As printed for seed 1; floors leave room for other draws.
  EXPECT_GT(plain, 0.45);
  EXPECT_GT(visits, 0.5);
  EXPECT_GT(plain, 5 * popularity);
  EXPECT_GT(corrected, plain);
}

}  // namespace
}  // namespace handsel::graph

#include "views/profiles/counters.h"

#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/core/hash.h"
#include "base/core/rng.h"
#include "views/profiles/internal/flat_table.h"

namespace handsel::profiles {
namespace {

using events::Event;
using events::EventKind;

constexpr std::int64_t kDayMs = 24ll * 60 * 60 * 1000;
constexpr std::int64_t kNow = 1'767'225'600'000;

Event search(std::string query_id, std::string query, std::vector<std::string> shown, std::int64_t time_ms = kNow) {
  Event event;
  event.kind = EventKind::kSearch;
  event.query_id = std::move(query_id);
  event.query = std::move(query);
  event.shown = std::move(shown);
  event.time_ms = time_ms;
  return event;
}

Event act(EventKind kind, std::string query_id, std::string listing, std::int64_t time_ms = kNow) {
  Event event;
  event.kind = kind;
  event.query_id = std::move(query_id);
  event.listing_id = std::move(listing);
  event.time_ms = time_ms;
  return event;
}

// Fifty listings, twenty queries, some weeks; impressions, repeats, late events.
std::vector<Event> some_log(std::uint64_t seed, std::size_t count) {
  Rng rng(seed);
  std::vector<Event> log;
  std::int64_t time_ms = kNow - 60 * kDayMs;
  constexpr EventKind kKinds[] = {EventKind::kClick,    EventKind::kFavourite,  EventKind::kCart,
                                  EventKind::kPurchase, EventKind::kImpression, EventKind::kView};
  for (std::size_t i = 0; i < count; ++i) {
    time_ms += static_cast<std::int64_t>(rng.below(2 * 60 * kDayMs / count));
    const std::int64_t when = rng.chance(0.1) ? time_ms - static_cast<std::int64_t>(rng.below(kDayMs / 2)) : time_ms;
    if (rng.chance(0.3)) {
      std::vector<std::string> shown;
      for (std::size_t k = 0; k < 1 + rng.below(5); ++k) shown.push_back("L" + std::to_string(rng.below(50)));
      log.push_back(search("q" + std::to_string(i), "query " + std::to_string(rng.below(20)), shown, when));
    } else {
      Event event = act(kKinds[rng.below(std::size(kKinds))], "q" + std::to_string(i - std::min(i, rng.below(6))),
                        "L" + std::to_string(rng.below(50)), when);
      if (rng.chance(0.2)) event.query = "query " + std::to_string(rng.below(20));
      log.push_back(std::move(event));
    }
  }
  return log;
}

// The obvious twin: keeps everything, adds up when asked.
class PlainCounters {
 public:
  void observe(const Event& event) {
    if (event.kind == EventKind::kSearch) {
      queries_[event.query_id] = event.query;
      for (const std::string& listing : event.shown) add(event.query, listing, event.time_ms, 0);
      return;
    }
    const auto known = queries_.find(event.query_id);
    const std::string query = known != queries_.end() ? known->second : event.query;
    static const std::map<EventKind, int> kColumns = {
        {EventKind::kClick, 1}, {EventKind::kFavourite, 2}, {EventKind::kCart, 3}, {EventKind::kPurchase, 4}};
    if (event.kind == EventKind::kImpression && known == queries_.end()) add(query, event.listing_id, event.time_ms, 0);
    if (const auto column = kColumns.find(event.kind); column != kColumns.end()) {
      add(query, event.listing_id, event.time_ms, column->second);
    }
  }

  Counts sum(const std::string& query, const std::string& listing, std::int64_t now_ms) const {
    double sums[5] = {};
    for (const auto& [time_ms, column] : facts_.contains({query, listing}) ? facts_.at({query, listing}) : kNothing) {
      sums[column] += std::exp(-static_cast<double>(now_ms - time_ms) / CounterOptions{}.tau_ms);
    }
    return {sums[0], sums[1], sums[2], sums[3], sums[4]};
  }

 private:
  using Facts = std::vector<std::pair<std::int64_t, int>>;
  void add(const std::string& query, const std::string& listing, std::int64_t time_ms, int column) {
    facts_[{"", listing}].emplace_back(time_ms, column);
    if (!query.empty()) facts_[{query, listing}].emplace_back(time_ms, column);
  }
  const Facts kNothing;
  std::map<std::string, std::string> queries_;
  std::map<std::pair<std::string, std::string>, Facts> facts_;
};

// Floats fade some hundred times: a relative error of 1e-4 is generous and far below
// what anybody could tell from the counts.
void expect_near(const Counts& expected, const Counts& actual) {
  const auto near = [](double a, double b) { EXPECT_NEAR(a, b, 1e-4 * (1 + std::abs(a))); };
  near(expected.shown, actual.shown);
  near(expected.clicks, actual.clicks);
  near(expected.favourites, actual.favourites);
  near(expected.carts, actual.carts);
  near(expected.purchases, actual.purchases);
}

TEST(Counters, AgreeWithAddingUpEverything) {
  const auto counters = Counters::create({});
  PlainCounters plain;
  for (const Event& event : some_log(7, 20'000)) {
    counters->observe(event);
    plain.observe(event);
  }
  for (int listing = 0; listing < 50; ++listing) {
    const std::string id = "L" + std::to_string(listing);
    expect_near(plain.sum("", id, kNow + kDayMs), counters->of_listing(id, kNow + kDayMs));
    for (int query = 0; query < 20; ++query) {
      const std::string words = "query " + std::to_string(query);
      expect_near(plain.sum(words, id, kNow), counters->of_pair(words, id, kNow));
    }
  }
}

TEST(Counters, AReplayGivesTheSameNumbersBitForBit) {
  const std::vector<Event> log = some_log(11, 20'000);
  const CounterOptions tight{.pairs_max = 600, .queries_max = 200};  // dropping must repeat itself too
  const auto first = Counters::create(tight);
  const auto second = Counters::create(tight);
  for (const Event& event : log) first->observe(event);
  for (const Event& event : log) second->observe(event);
  for (int listing = 0; listing < 50; ++listing) {
    const std::string id = "L" + std::to_string(listing);
    EXPECT_EQ(first->of_listing(id, kNow), second->of_listing(id, kNow));
    for (int query = 0; query < 20; ++query) {
      const std::string words = "query " + std::to_string(query);
      EXPECT_EQ(first->of_pair(words, id, kNow), second->of_pair(words, id, kNow));
    }
  }
  EXPECT_EQ(first->of_all(kNow), second->of_all(kNow));
}

TEST(Counters, ActionsFindTheirQuery) {
  const auto counters = Counters::create({});
  counters->observe(search("q1", "Linen  Apron", {"a", "b"}));
  counters->observe(act(EventKind::kClick, "q1", "a"));
  counters->observe(act(EventKind::kPurchase, "q1", "a"));
  counters->observe(act(EventKind::kCart, "unknown", "a"));  // counts for the listing alone
  counters->observe(act(EventKind::kExposure, "q1", "a"));   // counts for nothing
  Event told = act(EventKind::kFavourite, "", "b");
  told.query = "linen APRON";
  counters->observe(told);
  EXPECT_EQ(counters->of_pair("linen apron", "a", kNow), (Counts{.shown = 1, .clicks = 1, .purchases = 1}));
  EXPECT_EQ(counters->of_pair("linen apron", "b", kNow), (Counts{.shown = 1, .favourites = 1}));
  EXPECT_EQ(counters->of_listing("a", kNow), (Counts{.shown = 1, .clicks = 1, .carts = 1, .purchases = 1}));
  EXPECT_EQ(counters->of_all(kNow), (Counts{.shown = 2, .clicks = 1, .favourites = 1, .carts = 1, .purchases = 1}));
  EXPECT_EQ(counters->of_pair("", "a", kNow), Counts{});
  EXPECT_EQ(counters->of_listing("nobody", kNow), Counts{});
}

TEST(Counters, AShowingCountsOnceHoweverItIsTold) {
  const auto counters = Counters::create({});
  counters->observe(search("q1", "mug", {"a"}));
  counters->observe(act(EventKind::kImpression, "q1", "a"));
  EXPECT_EQ(counters->of_listing("a", kNow).shown, 1);
  counters->observe(search("q2", "mug", {}));  // does not say what it showed
  counters->observe(act(EventKind::kImpression, "q2", "a"));
  EXPECT_EQ(counters->of_pair("mug", "a", kNow).shown, 2);
  counters->observe(act(EventKind::kImpression, "", "a"));  // on a home page
  EXPECT_EQ(counters->of_listing("a", kNow).shown, 3);
  EXPECT_EQ(counters->of_pair("mug", "a", kNow).shown, 2);
}

TEST(Counters, ShowingsWeighByExamination) {
  const auto counters = Counters::create({.examination = {1.0, 0.5, 0.25, std::numeric_limits<double>::quiet_NaN()}});
  Event page = search("q1", "mug", {"a", "b", "c", "d"});
  counters->observe(page);
  page.offset = 1;
  counters->observe(page);
  EXPECT_FLOAT_EQ(counters->of_listing("a", kNow).shown, 1.5);
  EXPECT_FLOAT_EQ(counters->of_listing("b", kNow).shown, 0.75);
  EXPECT_FLOAT_EQ(counters->of_listing("c", kNow).shown, 0.25);
  EXPECT_EQ(counters->of_listing("d", kNow).shown, 0);  // what is no number counts nothing
}

TEST(Counters, FadeAndAnswerAsOfAMoment) {
  const auto counters = Counters::create({});
  counters->observe(act(EventKind::kClick, "", "a", kNow));
  EXPECT_NEAR(counters->of_listing("a", kNow + 30 * kDayMs).clicks, std::exp(-1.0), 1e-6);
  EXPECT_EQ(counters->of_listing("a", kNow - kDayMs).clicks, 1);  // cannot look back
  counters->observe(act(EventKind::kClick, "", "a", kNow - 30 * kDayMs));
  EXPECT_NEAR(counters->of_listing("a", kNow).clicks, 1 + std::exp(-1.0), 1e-6);
  EXPECT_NEAR(counters->of_all(kNow).clicks, 1 + std::exp(-1.0), 1e-6);
}

TEST(Counters, QueriesAreForgottenByAgeAndNumber) {
  const auto counters = Counters::create({.queries_max = 100});
  counters->observe(search("old", "mug", {}, kNow));
  counters->observe(act(EventKind::kClick, "old", "a", kNow + kDayMs));
  counters->observe(act(EventKind::kClick, "old", "a", kNow + kDayMs + 1));
  EXPECT_EQ(counters->of_pair("mug", "a", kNow + kDayMs).clicks, 1);
  for (int i = 0; i < 1000; ++i) counters->observe(search("n" + std::to_string(i), "bowl", {}, kNow + kDayMs));
  EXPECT_LE(counters->stats().queries, 102u);
  counters->observe(act(EventKind::kClick, "n960", "b", kNow + kDayMs));
  counters->observe(act(EventKind::kClick, "n10", "b", kNow + kDayMs));
  EXPECT_EQ(counters->of_pair("bowl", "b", kNow + kDayMs).clicks, 1);
}

TEST(Counters, MemoryIsBoundedAndTheWeakestGo) {
  const auto counters = Counters::create({.pairs_max = 25'600, .listings_max = 25'600, .queries_max = 1000});
  for (int i = 0; i < 2000; ++i) {
    counters->observe(search("q", "strong " + std::to_string(i), {}));
    counters->observe(act(EventKind::kPurchase, "q", "S" + std::to_string(i)));
  }
  std::size_t bytes_max = 0;
  for (int i = 0; i < 40'000; ++i) {
    counters->observe(search("q", "weak " + std::to_string(i), {"W" + std::to_string(i), "V" + std::to_string(i)}));
    bytes_max = std::max(bytes_max, counters->bytes());
  }
  EXPECT_LE(counters->stats().pairs, 25'600u);
  EXPECT_GT(counters->stats().pairs, 20'000u);
  EXPECT_LE(bytes_max, 2u * 25'600 * 64 + 100'000);
  for (int i = 0; i < 2000; ++i) {
    EXPECT_EQ(counters->of_pair("strong " + std::to_string(i), "S" + std::to_string(i), kNow).purchases, 1);
  }
}

TEST(Counters, HostileEventsAreHarmless) {
  const auto counters = Counters::create({.tau_ms = std::numeric_limits<double>::quiet_NaN(), .pairs_max = 0});
  Event wild = search("q", std::string(10'000, '\xff'), {"", "a"}, std::numeric_limits<std::int64_t>::min() / 2);
  wild.offset = -5;
  counters->observe(wild);
  Event late = act(EventKind::kImpression, "", "a", std::numeric_limits<std::int64_t>::max() / 2);
  late.position = -1;
  counters->observe(late);
  counters->observe(act(EventKind::kPurchase, "q", ""));
  EXPECT_TRUE(std::isfinite(counters->of_listing("a", kNow).shown));
  EXPECT_TRUE(std::isfinite(counters->of_all(kNow).shown));
}

TEST(Counters, ManyReadWhileOneWrites) {
  const auto counters = Counters::create({.pairs_max = 5000, .queries_max = 1000});
  std::atomic<bool> done = false;
  std::vector<std::jthread> readers;
  for (int r = 0; r < 3; ++r) {
    readers.emplace_back([&, r] {
      for (std::uint64_t i = r; !done; ++i) {
        const Counts counts = counters->of_pair("query " + std::to_string(i % 20), "L" + std::to_string(i % 50), kNow);
        ASSERT_GE(counts.shown, 0);
        ASSERT_GE(counters->of_all(kNow).clicks, 0);
        ASSERT_LE(counters->stats().pairs, 5000u);
      }
    });
  }
  for (const Event& event : some_log(3, 50'000)) counters->observe(event);
  done = true;
}

TEST(FlatTable, AgreesWithASet) {
  struct Entry {
    std::uint64_t key = 0;
    std::uint64_t value = 0;
  };
  FlatTable<Entry> table;
  std::map<std::uint64_t, std::uint64_t> twin;
  Rng rng(5);
  for (int i = 0; i < 100'000; ++i) {
    // A third of the keys share a few homes, so that runs are long and wrap around.
    const std::uint64_t number = rng.below(600);
    const std::uint64_t key = number < 200 ? ~number : mix64(number);
    if (rng.chance(0.55)) {
      table.find_or_insert(key).value = i;
      twin[key] = i;
    } else {
      EXPECT_EQ(table.erase(key), twin.erase(key) == 1);
    }
    if (i % 10'000 == 0) {
      table.keep_if([](const Entry& entry) { return entry.value % 3 != 0; });
      std::erase_if(twin, [](const auto& entry) { return entry.second % 3 == 0; });
    }
    const std::uint64_t asked = number < 200 ? ~rng.below(200) : mix64(1 + rng.below(599));
    const Entry* found = table.find(asked);
    ASSERT_EQ(found != nullptr, twin.contains(asked));
    if (found != nullptr) {
      ASSERT_EQ(found->value, twin[asked]);
    }
    ASSERT_EQ(table.size(), twin.size());
  }
}

}  // namespace
}  // namespace handsel::profiles

#include "views/graph/live_graph.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "views/graph/starts.h"
#include "views/graph/walk.h"

namespace handsel::graph {
namespace {

using events::Event;
using events::EventKind;

void search_and_click(LiveGraph& live, const std::string& words, const std::string& listing, int session) {
  Event event;
  event.kind = EventKind::kSearch;
  event.time_ms = 1'000 + session;
  event.session_id = event.query_id = std::to_string(session);
  event.query = words;
  live.observe(event);
  event.kind = EventKind::kClick;
  event.query.clear();
  event.listing_id = listing;
  live.observe(event);
}

TEST(LiveGraph, IsFreshAfterAMinute) {
  ManualClock clock(1'000'000);
  LiveGraph live({}, clock);
  EXPECT_EQ(live.graph(), nullptr);
  EXPECT_FALSE(live.publish_if_due().value());
  search_and_click(live, "apron", "a", 1);
  search_and_click(live, "apron", "a", 2);
  EXPECT_FALSE(live.publish_if_due().value());  // still replaying
  live.caught_up();
  EXPECT_TRUE(live.publish_if_due().value());
  const auto first = live.graph();
  ASSERT_NE(first, nullptr);
  EXPECT_TRUE(first->find(NodeKind::kQuery, "apron"));

  search_and_click(live, "bowl", "b", 3);
  search_and_click(live, "bowl", "b", 4);
  clock.advance_ms(59'999);
  EXPECT_FALSE(live.publish_if_due().value());
  clock.advance_ms(1);
  EXPECT_TRUE(live.publish_if_due().value());
  EXPECT_TRUE(live.graph()->find(NodeKind::kQuery, "bowl"));
  EXPECT_FALSE(first->find(NodeKind::kQuery, "bowl"));  // who holds a snapshot keeps it
  clock.advance_ms(600'000);
  EXPECT_FALSE(live.publish_if_due().value());  // nothing new
}

TEST(LiveGraph, AClockSetBackDoesNotHoldItUp) {
  ManualClock clock(1'000'000'000);
  LiveGraph live({}, clock);
  live.caught_up();
  search_and_click(live, "apron", "a", 1);
  EXPECT_TRUE(live.publish_if_due().value());
  search_and_click(live, "apron", "a", 2);
  clock.advance_ms(-900'000'000);
  EXPECT_FALSE(live.publish_if_due().value());
  clock.advance_ms(60'000);
  EXPECT_TRUE(live.publish_if_due().value());
}

// Every look at it takes a second; so a build does, which looks before and after.
class TickingClock final : public Clock {
 public:
  std::int64_t now_ms() const override { return now_ms_ += 1'000; }

 private:
  mutable std::int64_t now_ms_ = 0;
};

TEST(LiveGraph, BuildsTakeNoMoreThanTheirShareOfTheTime) {
  TickingClock clock;
  LiveGraph live({.publish_every_ms = 2'000, .busy_share_max = 0.05}, clock);
  live.caught_up();
  int published = 0;
  for (int i = 0; i < 400; ++i) {
    search_and_click(live, "apron", "a", i);
    if (live.publish_if_due().value()) ++published;
  }
  // 400 looks and two more for each build; one build in twenty seconds.
  EXPECT_NEAR(published, 22, 3);
}

TEST(LiveGraph, AnswersFromTheOldOneUntilItHasItsOwn) {
  ManualClock clock(0);
  LiveGraph before({}, clock);
  const auto bytes = before.publish().value();
  LiveGraph live({}, clock);
  const auto old = open_graph(bytes).value();
  live.adopt(old);
  EXPECT_EQ(live.graph(), old);
  ASSERT_TRUE(live.publish());
  EXPECT_NE(live.graph(), old);
  live.adopt(old);
  EXPECT_NE(live.graph(), old);
}

TEST(LiveGraph, IsReadWhileItIsFed) {
  ManualClock clock(0);
  LiveGraph live({.publish_every_ms = 0}, clock);
  live.caught_up();
  std::atomic<bool> done = false;
  std::jthread reader([&] {
    while (!done) {
      const auto graph = live.graph();
      if (graph) (void)walk(*graph, starts_for_query(*graph, "apron 1"), {.steps = 100}, 1);
    }
  });
  for (int i = 0; i < 200; ++i) {
    search_and_click(live, "apron " + std::to_string(i % 5), std::to_string(i % 17), i);
    ASSERT_TRUE(live.publish_if_due());
  }
  done = true;
  reader.join();
  EXPECT_EQ(live.graph()->nodes(NodeKind::kQuery), 5u);
}

}  // namespace
}  // namespace handsel::graph

#include "facts/log/internal/group_commit.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace handsel::log {
namespace {

using testing::ElementsAre;

struct Item {
  std::size_t bytes = 1;
  int number = 0;
};

// Runs a commit of one item that does not end before the others have queued up behind
// it, and returns the sizes of the groups that followed.
std::vector<std::size_t> groups_behind_a_slow_commit(std::size_t others, std::size_t item_bytes,
                                                     std::size_t group_bytes_max) {
  std::vector<std::size_t> sizes;
  std::atomic<bool> all_queued = false;
  GroupCommit<Item> commits(group_bytes_max, [&](const std::vector<Item*>& group) {
    sizes.push_back(group.size());
    all_queued.wait(false);
  });
  std::vector<std::jthread> threads;
  const auto start = [&](std::size_t expected) {
    threads.emplace_back([&commits, item_bytes] {
      Item item{.bytes = item_bytes};
      commits.run(item);
    });
    while (commits.pending() < expected) std::this_thread::yield();
  };
  for (std::size_t i = 0; i <= others; ++i) start(i + 1);
  all_queued = true;
  all_queued.notify_all();
  threads.clear();
  sizes.erase(sizes.begin());
  return sizes;
}

TEST(GroupCommit, ThoseWhoWaitShareTheNextCommit) {
  EXPECT_THAT(groups_behind_a_slow_commit(5, 1, 100), ElementsAre(5));
}

TEST(GroupCommit, AGroupKeepsToItsLimit) {
  EXPECT_THAT(groups_behind_a_slow_commit(5, 40, 100), ElementsAre(2, 2, 1));
}

TEST(GroupCommit, AnItemOverTheLimitGoesAlone) {
  EXPECT_THAT(groups_behind_a_slow_commit(3, 500, 100), ElementsAre(1, 1, 1));
}

TEST(GroupCommit, EveryItemIsCommittedOnceAndOneAtATime) {
  std::atomic<int> inside = 0;
  std::atomic<int> committed = 0;
  GroupCommit<Item> commits(10, [&](const std::vector<Item*>& group) {
    EXPECT_EQ(inside.fetch_add(1), 0);
    for (Item* item : group) item->number = ++committed;
    --inside;
  });
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        int last = 0;
        for (int i = 0; i < 500; ++i) {
          Item item;
          commits.run(item);
          EXPECT_GT(item.number, last);  // its own items, in order
          last = item.number;
        }
      });
    }
  }
  EXPECT_EQ(committed, 8 * 500);
  EXPECT_EQ(commits.pending(), 0u);
}

}  // namespace
}  // namespace handsel::log

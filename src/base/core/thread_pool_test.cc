#include "base/core/thread_pool.h"

#include <atomic>
#include <latch>

#include <gtest/gtest.h>

namespace handsel {
namespace {

TEST(ThreadPool, RunsWhatWasSubmittedBeforeItEnds) {
  std::atomic<int> ran = 0;
  {
    ThreadPool pool(3);
    EXPECT_EQ(pool.size(), 3u);
    for (int i = 0; i < 500; ++i) pool.submit([&] { ++ran; });
  }
  EXPECT_EQ(ran, 500);
}

TEST(ThreadPool, AFullQueueRefusesOrWaits) {
  std::atomic<int> ran = 0;
  std::latch started(1);
  std::latch release(1);
  {
    ThreadPool pool(1, 2);
    pool.submit([&] {
      started.count_down();
      release.wait();
    });
    started.wait();  // the thread is busy and the queue empty
    EXPECT_TRUE(pool.try_submit([&] { ++ran; }));
    EXPECT_TRUE(pool.try_submit([&] { ++ran; }));
    EXPECT_FALSE(pool.try_submit([&] { ++ran; }));
    std::jthread waiter([&] { pool.submit([&] { ++ran; }); });
    release.count_down();
  }
  EXPECT_EQ(ran, 3);
}

TEST(ThreadPool, ParallelForVisitsEachIndexOnce) {
  ThreadPool pool(3, 2);
  for (const std::size_t count : {0u, 1u, 2u, 1000u}) {
    std::vector<std::atomic<int>> visits(count);
    pool.parallel_for(count, [&](std::size_t i) { ++visits[i]; });
    for (const auto& times : visits) EXPECT_EQ(times, 1);
  }
}

TEST(ThreadPool, ParallelForWorksFromWithinAJob) {
  ThreadPool pool(2);
  std::atomic<int> ran = 0;
  pool.parallel_for(8, [&](std::size_t) { pool.parallel_for(8, [&](std::size_t) { ++ran; }); });
  EXPECT_EQ(ran, 64);
}

TEST(ThreadPool, WithoutThreadsTheCallerDoesTheWork) {
  ThreadPool pool(0);
  int ran = 0;
  pool.parallel_for(5, [&](std::size_t) { ++ran; });
  EXPECT_EQ(ran, 5);
}

}  // namespace
}  // namespace handsel

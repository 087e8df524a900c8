#include "views/graph/internal/recent_queries.h"

#include <string>

#include <gtest/gtest.h>

namespace handsel::graph::internal {
namespace {

TEST(RecentQueries, TheNewestOfAKeyForALittleWhile) {
  RecentQueries recent(100, 1'000);
  EXPECT_EQ(recent.find(1, 0), "");
  recent.remember(1, "apron", 0);
  recent.remember(0, "bowl", 5);
  EXPECT_EQ(recent.find(1, 1'000), "apron");
  EXPECT_EQ(recent.find(1, 1'001), "");
  EXPECT_EQ(recent.find(1, -50), "apron");  // clocks differ
  EXPECT_EQ(recent.find(0, 5), "bowl");
  recent.remember(1, "cup", 900);
  EXPECT_EQ(recent.find(1, 1'900), "cup");
}

TEST(RecentQueries, TheNewestHalfIsAlwaysThere) {
  RecentQueries recent(100, 1'000'000);
  for (std::uint64_t key = 0; key < 10'000; ++key) {
    recent.remember(key, "query " + std::to_string(key), 0);
    if (key < 50) continue;
    EXPECT_EQ(recent.find(key - 49, 0), "query " + std::to_string(key - 49));
    if (key > 100) {
      EXPECT_EQ(recent.find(key - 100, 0), "");
    }
  }
  RecentQueries none(0, 1'000);
  none.remember(1, "apron", 0);
  none.remember(2, "bowl", 0);
  EXPECT_EQ(none.find(2, 0), "bowl");
}

}  // namespace
}  // namespace handsel::graph::internal

#include "proof/evaluate/bands.h"

#include <gtest/gtest.h>

namespace handsel::evaluate {
namespace {

TEST(QueryBands, ThirdsOfTheSearches) {
  QueryBands bands;
  const auto ask = [&](std::string_view query, int times) {
    for (int i = 0; i < times; ++i) bands.add(query);
  };
  ask("mug", 40);  // 40 of 90: the first third ends within it
  ask("apron", 20);
  ask("ring", 10);  // 60 lie before it: two thirds
  ask("owl", 10);
  ask("tiny owl", 10);
  bands.finish();
  EXPECT_EQ(bands.of("mug"), "head");
  EXPECT_EQ(bands.of("apron"), "torso");
  EXPECT_EQ(bands.of("ring"), "tail");
  EXPECT_EQ(bands.of("tiny owl"), "tail");
  EXPECT_EQ(bands.of("boat"), "unasked");
  EXPECT_EQ(bands.head_from(), 40u);
  EXPECT_EQ(bands.torso_from(), 20u);
}

TEST(QueryBands, OneQueryAndNone) {
  QueryBands none;
  none.finish();
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.of("mug"), "unasked");
  QueryBands one;
  one.add("mug");
  one.finish();
  EXPECT_EQ(one.of("mug"), "head");
}

}  // namespace
}  // namespace handsel::evaluate

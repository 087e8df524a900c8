#include "base/core/rng.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace handsel {
namespace {

// Published values of the generator that seeds the other.
TEST(Rng, Splitmix64IsThePublishedOne) {
  std::uint64_t state = 1234567;
  EXPECT_EQ(splitmix64(state), 6457827717110365317u);
  EXPECT_EQ(splitmix64(state), 3203168211198807973u);
  EXPECT_EQ(splitmix64(state), 9817491932198370423u);
}

// The same seed gives the same marketplace on every machine and in every version.
TEST(Rng, StaysAsItIs) {
  Rng rng(42);
  EXPECT_EQ(rng(), 15021278609987233951u);
  EXPECT_EQ(rng(), 5881210131331364753u);
  EXPECT_EQ(rng.below(1000), 983u);
  EXPECT_EQ(rng.between(-5, 5), 2);
  EXPECT_EQ(Rng(42).split(7)(), 7912484977998480172u);
}

TEST(Rng, StreamsDoNotDependOnWhatWasDrawn) {
  Rng drawn(9);
  const Rng fresh(9);
  Rng split_before = drawn.split(3);
  Rng again = fresh.split(3);
  Rng other = fresh.split(4);
  for (int i = 0; i < 10; ++i) {
    const std::uint64_t value = split_before();
    EXPECT_EQ(value, again());
    EXPECT_NE(value, other());
  }
}

TEST(Rng, KeepsWithinBounds) {
  Rng rng(1);
  std::vector<int> seen(7);
  for (int i = 0; i < 7000; ++i) ++seen[rng.below(7)];
  // 1000 each; 150 is five standard deviations.
  for (const int count : seen) EXPECT_NEAR(count, 1000, 150);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(rng.below(1), 0u);
    EXPECT_EQ(rng.between(3, 3), 3);
    const double uniform = rng.uniform();
    EXPECT_TRUE(uniform >= 0 && uniform < 1);
    EXPECT_TRUE(std::isfinite(rng.normal()));
    EXPECT_GE(rng.exponential(2), 0);
    EXPECT_FALSE(rng.chance(0));
    EXPECT_TRUE(rng.chance(1));
  }
  const int items[] = {5, 6, 7};
  EXPECT_NE(std::ranges::find(items, rng.pick(std::span<const int>(items))), std::end(items));
}

TEST(Rng, HasTheMomentsOfItsDistributions) {
  Rng rng(2);
  constexpr int kDraws = 20'000;
  double sum = 0;
  double squares = 0;
  double exponentials = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double normal = rng.normal();
    sum += normal;
    squares += normal * normal;
    exponentials += rng.exponential(3);
  }
  // Tolerances are about four standard errors.
  EXPECT_NEAR(sum / kDraws, 0, 0.03);
  EXPECT_NEAR(squares / kDraws, 1, 0.04);
  EXPECT_NEAR(exponentials / kDraws, 3, 0.09);
}

}  // namespace
}  // namespace handsel

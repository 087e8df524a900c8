#include "app/engine/pace.h"

#include <gtest/gtest.h>

namespace handsel {
namespace {

using namespace std::chrono_literals;

TEST(Pace, WorksATenthOfTheTimeInShortStretches) {
  Pace::Duration now{0};
  Pace::Duration worked{0};
  Pace::Duration rested{0};
  Pace::Duration longest{0};
  Pace::Duration stretch{0};
  Pace pace([&] { return now; },
            [&](Pace::Duration how_long) {
              rested += how_long;
              now += how_long;
              longest = std::max(longest, stretch);
              stretch = 0ns;
            });
  for (int i = 0; i < 1'000'000; ++i) {
    now += 1us;
    worked += 1us;
    stretch += 1us;
    pace.step();
  }
  pace.rest();
  EXPECT_EQ(rested, 9 * worked);
  EXPECT_LE(longest, Pace::kWorkMin + Pace::kStepsToLook * 1us);
  now += 1s;  // one long piece of work
  pace.rest();
  EXPECT_EQ(rested, 9 * worked + 9s);
}

TEST(Pace, DoesNotRestFromShortWork) {
  Pace::Duration now{0};
  int rests = 0;
  Pace pace([&] { return now; }, [&](Pace::Duration) { ++rests; });
  for (int i = 0; i < 4'000; ++i) {
    now += 1us;
    pace.step();
  }
  EXPECT_EQ(rests, 0);
}

}  // namespace
}  // namespace handsel

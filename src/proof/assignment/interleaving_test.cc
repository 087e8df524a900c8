#include "proof/assignment/interleaving.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::assignment {
namespace {

using Ids = std::vector<std::string>;

Ids ids_of(const Interleaved& list) {
  Ids out;
  for (const Place& place : list.places) out.push_back(place.id);
  return out;
}

TEST(Interleaving, EachRoundHasOnePickOfEitherTeamAndEachPickIsTheBestLeft) {
  const Ids a = {"1", "2", "3", "4", "5"};
  const Ids b = {"5", "4", "9", "1", "8"};
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Interleaved list = interleave(a, b, 6, seed);
    ASSERT_EQ(list.places.size(), 6u);
    Ids seen;
    for (std::size_t i = 0; i < list.places.size(); ++i) {
      const Place& place = list.places[i];
      if (i % 2 == 1) {
        EXPECT_NE(place.team, list.places[i - 1].team);
      }
      const Ids& ranking = place.team == Team::kA ? a : b;
      const auto best = std::ranges::find_if(
          ranking, [&](const std::string& id) { return std::ranges::find(seen, id) == seen.end(); });
      EXPECT_EQ(place.id, *best);
      seen.push_back(place.id);
    }
  }
}

TEST(Interleaving, EdgesOfTheInput) {
  EXPECT_TRUE(interleave({}, {}, 10, 1).places.empty());
  EXPECT_TRUE(interleave(Ids{"a"}, Ids{"b"}, 0, 1).places.empty());
  EXPECT_EQ(ids_of(interleave(Ids{"a", "b", "c"}, {}, 10, 1)), (Ids{"a", "b", "c"}));
  EXPECT_EQ(ids_of(interleave({}, Ids{"x", "x", "y"}, 10, 1)), (Ids{"x", "y"}));
  EXPECT_EQ(ids_of(interleave(Ids{"a", "b"}, Ids{"a", "b"}, 10, 3)), (Ids{"a", "b"}));
  EXPECT_EQ(ids_of(interleave(Ids{"a"}, Ids{"a", "b", "c"}, 2, 3)).size(), 2u);
}

TEST(Interleaving, IsTheSameForASeedAndFairOverSeeds) {
  const Ids a = {"1", "2"};
  const Ids b = {"2", "1"};
  EXPECT_EQ(ids_of(interleave(a, b, 2, 7)), ids_of(interleave(a, b, 2, 7)));
  int a_first = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) a_first += interleave(a, b, 2, seed).places[0].team == Team::kA;
  EXPECT_NEAR(a_first, 2000, 4 * std::sqrt(1000));
}

TEST(Interleaving, CreditsClicksToTheTeamOfThePlace) {
  const Interleaved list{{{"x", Team::kA}, {"y", Team::kB}, {"z", Team::kB}}};
  const Credit got = credit(list, Ids{"y", "z", "z", "elsewhere"});
  EXPECT_EQ(got.a, 0u);
  EXPECT_EQ(got.b, 2u);
}

TEST(Interleaving, PreferenceByHand) {
  // 8 wins of B against 2: sign test 2 (1 + 10 + 45) / 1024 = .109375; Wilson .4902 to .9433.
  std::vector<Credit> credits(8, Credit{0, 1});
  credits.insert(credits.end(), 2, Credit{2, 1});
  credits.insert(credits.end(), 10, Credit{0, 0});
  const Preference got = preference(credits);
  EXPECT_EQ(got.wins_b, 8u);
  EXPECT_EQ(got.ties, 10u);
  EXPECT_NEAR(got.p, .109375, 1e-12);
  EXPECT_NEAR(got.share_b, .8, 1e-12);
  EXPECT_NEAR(got.low, .4902, 5e-5);
  EXPECT_NEAR(got.high, .9433, 5e-5);
  EXPECT_NEAR(got.margin, .3, 1e-12);
}

TEST(Interleaving, OfNothingThereIsNoPreference) {
  for (const auto& credits : {std::vector<Credit>{}, std::vector<Credit>(5)}) {
    const Preference got = preference(credits);
    EXPECT_EQ(got.share_b, .5);
    EXPECT_EQ(got.low, 0);
    EXPECT_EQ(got.high, 1);
    EXPECT_EQ(got.p, 1);
  }
}

// People who click relevant items, and B ranks them higher: B is preferred. Rankings that are alike are not told apart.
TEST(Interleaving, FindsTheBetterRankingAndOnlyIt) {
  Rng rng(3);
  const auto run = [&](bool b_is_better) {
    std::vector<Credit> credits;
    for (std::uint64_t query = 0; query < 2000; ++query) {
      Ids good = {"r1", "r2", "r3", "n1", "n2", "n3"};
      Ids bad = {"n1", "r1", "n2", "n3", "r2", "r3"};
      const Interleaved list = interleave(bad, b_is_better ? good : bad, 4, rng());
      Ids clicked;
      for (const Place& place : list.places)
        if (place.id[0] == 'r' && rng.chance(.4)) clicked.push_back(place.id);
      credits.push_back(credit(list, clicked));
    }
    return preference(credits);
  };
  EXPECT_GT(run(true).low, .55);
  const Preference same = run(false);
  EXPECT_LT(same.low, .5);
  EXPECT_GT(same.high, .5);
}

}  // namespace
}  // namespace handsel::assignment

#include "ranking/learning/propensities.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::learning {
namespace {

constexpr std::size_t kListings = 12;

struct World {
  double eta = 1;    // propensity of place k: 1 / (k + 1)^eta
  double shake = 1;  // how much the order changes from search to search; 0: never
  std::size_t searches = 40'000;
  std::size_t queries = 100;
};

// Better listings stand higher, as in a real shop; the order is not independent of attraction.
PropensityEstimator simulate(const World& world, std::uint64_t seed, PropensityOptions options = {}) {
  Rng rng(seed);
  PropensityEstimator estimator(options);
  std::vector<std::array<double, kListings>> attraction(world.queries);
  for (auto& query : attraction) {
    for (double& value : query) value = 0.05 + 0.5 * rng.uniform();
  }
  for (std::size_t search = 0; search < world.searches; ++search) {
    const std::size_t query = rng.below(world.queries);
    std::array<std::pair<double, std::size_t>, kListings> order;
    for (std::size_t i = 0; i < kListings; ++i) {
      order[i] = {-attraction[query][i] + 0.2 * world.shake * rng.normal(), i};
    }
    std::ranges::sort(order);
    for (std::size_t place = 0; place < kListings; ++place) {
      const std::size_t listing = order[place].second;
      const double looked = std::pow(static_cast<double>(place) + 1, -world.eta);
      estimator.add({.query = query,
                     .listing = 1000 + listing,
                     .place = static_cast<std::int64_t>(place),
                     .clicked = rng.chance(looked * attraction[query][listing])});
    }
  }
  return estimator;
}

TEST(Propensities, FindThePlantedCurve) {
  for (const double eta : {0.5, 1.0, 1.5}) {
    const Propensities found = simulate({.eta = eta}, 1).estimate();
    ASSERT_TRUE(found.trusted) << found.reason;
    for (std::size_t place = 0; place < 10; ++place) {
      const double truth = std::pow(static_cast<double>(place) + 1, -eta);
      // Four standard errors of its own, and never worse than a fifth.
      EXPECT_NEAR(std::log(found.at(static_cast<std::int64_t>(place)) / truth), 0, 4 * found.log_errors[place] + 1e-9)
          << "eta " << eta << ", place " << place;
      EXPECT_NEAR(found.at(static_cast<std::int64_t>(place)) / truth, 1, 0.2) << "eta " << eta << ", place " << place;
    }
  }
}

TEST(Propensities, AreFlatWherePlaceDoesNotMatter) {
  const Propensities found = simulate({.eta = 0}, 2).estimate();
  ASSERT_TRUE(found.trusted);
  for (int place = 0; place < 10; ++place) EXPECT_NEAR(found.at(place), 1, 0.1);
}

TEST(Propensities, TheClickRateOfAPlaceIsNotItsPropensity) {
  // The naive estimate, clicks a place, mixes in that better listings stand higher.
  const Propensities found = simulate({.eta = 0, .shake = 0.5}, 3).estimate();
  ASSERT_TRUE(found.trusted);
  EXPECT_NEAR(found.at(8), 1, 0.15);
}

TEST(Propensities, AreNotTrustedWithoutOverlap) {
  const Propensities fixed = simulate({.shake = 0}, 1).estimate();
  EXPECT_FALSE(fixed.trusted);
  EXPECT_THAT(fixed.reason, testing::HasSubstr("0 clicks on listings that were shown at several places"));
  for (const double value : fixed.values) EXPECT_EQ(value, 1);

  const Propensities few = simulate({.searches = 30}, 1).estimate();
  EXPECT_FALSE(few.trusted);
  EXPECT_FALSE(PropensityEstimator().estimate().trusted);
}

TEST(Propensities, AreNotTrustedAcrossAGap) {
  // Listings move between places 0 and 1, and between 2 and 3, never across.
  Rng rng(1);
  PropensityEstimator estimator;
  for (int i = 0; i < 20'000; ++i) {
    const bool swapped = rng.chance(0.5);
    for (std::int64_t place = 0; place < 4; ++place) {
      const std::uint64_t listing = static_cast<std::uint64_t>(place ^ (swapped ? 1 : 0));
      estimator.add({.query = 1, .listing = listing, .place = place, .clicked = rng.chance(0.3)});
    }
  }
  const Propensities found = estimator.estimate();
  EXPECT_FALSE(found.trusted);
  EXPECT_THAT(found.reason, testing::HasSubstr("only the first 2 places"));
}

TEST(Propensities, ErrorsAreWhatTheySay) {
  // Over many worlds, the truth lies within two errors about 95 times of 100.
  std::size_t within = 0;
  std::size_t all = 0;
  for (std::uint64_t seed = 10; seed < 40; ++seed) {
    const Propensities found = simulate({.searches = 6'000}, seed).estimate();
    if (!found.trusted) continue;
    for (std::size_t place = 1; place < 8; ++place) {
      const double off = std::log(found.values[place] * (static_cast<double>(place) + 1));
      within += std::abs(off) < 2 * found.log_errors[place];
      ++all;
    }
  }
  EXPECT_GT(static_cast<double>(within) / static_cast<double>(all), 0.88);
}

TEST(Propensities, AreBoundedInMemoryAndStillRight) {
  const Propensities found = simulate({.queries = 400}, 5, {.pairs_max = 1'000}).estimate();
  ASSERT_TRUE(found.trusted) << found.reason;
  EXPECT_LE(found.pairs, 1'000u);
  EXPECT_NEAR(found.at(3), 0.25, 0.08);
}

TEST(Propensities, TheTextGivesThemBack) {
  Propensities found = simulate({.searches = 5'000}, 1).estimate();
  found.reason = "because\nof that";
  const auto again = Propensities::parse(found.serialise());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->serialise(), found.serialise());
  const std::string text = found.serialise();
  for (const std::size_t size : {0, 5, 23, 24, 30, 60}) EXPECT_FALSE(Propensities::parse(text.substr(0, size)));
  EXPECT_FALSE(Propensities::parse("handsel propensities 1\n1 3 0 0\nnan 0\n"));
}

TEST(Propensities, PlacesHaveRanges) {
  for (const auto& [place, range] : std::vector<std::pair<std::int64_t, std::size_t>>{{-5, 0},
                                                                                      {0, 0},
                                                                                      {19, 19},
                                                                                      {20, 20},
                                                                                      {29, 20},
                                                                                      {30, 21},
                                                                                      {99, 22},
                                                                                      {499, 24},
                                                                                      {500, 25},
                                                                                      {1'000'000'000, 25}}) {
    EXPECT_EQ(range_of_place(place), range) << place;
  }
}

}  // namespace
}  // namespace handsel::learning

#include "proof/assignment/allocation.h"

#include <array>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel::assignment {
namespace {

constexpr std::array<double, 3> kRates = {0.10, 0.13, 0.16};
constexpr std::size_t kUnitsAPeriod = 1'000;

struct Simulation {
  std::vector<Period> periods;
  double regret = 0;  // successes given away, in expectation
};

// Twelve periods with the given first shares; adaptive: each by what came before.
Simulation simulate(bool is_adaptive, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> shares(kRates.size(), 1.0 / kRates.size());
  Simulation run;
  for (int number = 0; number < 12; ++number) {
    std::array<double, 3> units{}, successes{};
    for (std::size_t i = 0; i < kUnitsAPeriod; ++i) {
      const double u = rng.uniform();
      const std::size_t arm = u < shares[0] ? 0 : u < shares[0] + shares[1] ? 1 : 2;
      units[arm] += 1;
      successes[arm] += rng.chance(kRates[arm]);
      run.regret += kRates[2] - kRates[arm];
    }
    Period period;
    for (std::size_t arm = 0; arm < 3; ++arm) {
      const double mean = units[arm] > 0 ? successes[arm] / units[arm] : 0;
      period.push_back({.share = shares[arm], .units = units[arm], .mean = mean, .variance = mean * (1 - mean)});
    }
    run.periods.push_back(period);
    if (!is_adaptive) continue;
    const auto next = allocate(run.periods, {.draws = 2'000, .seed = seed});
    EXPECT_TRUE(next) << next.error().message;
    for (std::size_t arm = 0; arm < 3; ++arm) shares[arm] = next->arms[arm].share;
  }
  return run;
}

TEST(Allocation, RegretsLessThanAnEvenSplitAndStillCovers) {
  double adaptive = 0;
  double even = 0;
  std::array<std::size_t, 3> covered{};
  std::size_t gain_covered = 0;
  double bias = 0;
  constexpr std::size_t kRuns = 300;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    const Simulation bandit = simulate(true, run + 1);
    adaptive += bandit.regret;
    even += simulate(false, run + 1).regret;
    const auto end = allocate(bandit.periods, {.draws = 1});
    ASSERT_TRUE(end);
    for (std::size_t arm = 0; arm < 3; ++arm)
      covered[arm] += end->arms[arm].worth.low <= kRates[arm] && kRates[arm] <= end->arms[arm].worth.high;
    gain_covered += end->arms[2].gain.low <= 0.06 && 0.06 <= end->arms[2].gain.high;
    bias += (end->arms[0].worth.estimate - kRates[0]) / kRuns;
  }
  EXPECT_LT(adaptive, 0.6 * even);
  for (const std::size_t count : covered) EXPECT_GE(count, 273u);  // 285 expected, give or take 4
  EXPECT_GE(gain_covered, 273u);
  EXPECT_NEAR(bias, 0, 0.003);
}

TEST(Allocation, EvenSharesGiveThePlainMean) {
  const std::vector<Period> periods = {
      {{.share = 0.5, .units = 100, .mean = 3, .variance = 4}, {.share = 0.5, .units = 100, .mean = 5, .variance = 9}}};
  const auto got = allocate(periods, {.outcome = Outcome::kMean});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_DOUBLE_EQ(got->arms[0].worth.estimate, 3);
  EXPECT_DOUBLE_EQ(got->arms[1].gain.estimate, 2);
  EXPECT_GT(got->arms[1].best, 0.99);
  EXPECT_NEAR(got->arms[0].share, 0.05, 0.01);  // the floor
  EXPECT_NEAR(got->arms[0].share + got->arms[1].share, 1, 1e-12);
  EXPECT_NEAR(got->arms[1].posterior_mean, 5, 0.1);
}

TEST(Allocation, PriorsHoldBackSmallData) {
  const std::vector<Period> periods = {
      {{.share = 0.5, .units = 2, .mean = 0, .variance = 0}, {.share = 0.5, .units = 2, .mean = 1, .variance = 0}}};
  const auto flat = allocate(periods, {});
  const auto sceptic = allocate(periods, {.prior_successes = 100, .prior_failures = 900});
  ASSERT_TRUE(flat && sceptic);
  EXPECT_NEAR(flat->arms[1].posterior_mean, 0.75, 1e-12);  // Beta(3, 1)
  EXPECT_GT(flat->arms[1].best, 0.9);
  EXPECT_LT(sceptic->arms[1].best, 0.6);
}

TEST(Allocation, SaysWhatItRefuses) {
  const PeriodArm good{.share = 0.5, .units = 10, .mean = 0.5, .variance = 0.25};
  const auto error = [&](auto change, const AllocationOptions& options = {}) {
    std::vector<Period> periods = {{good, good}};
    change(periods);
    const auto got = allocate(periods, options);
    return got ? std::string() : got.error().message;
  };
  const auto as_it_is = [](auto&) {};
  EXPECT_EQ(error(as_it_is), "");
  EXPECT_THAT(error([](auto& p) { p.clear(); }), testing::HasSubstr("0 periods"));
  EXPECT_THAT(error([](auto& p) { p[0].pop_back(); }), testing::HasSubstr("1 arms"));
  EXPECT_THAT(error([](auto& p) { p[0][0].share = 0.4; }), testing::HasSubstr("sum to 0.9"));
  EXPECT_THAT(error([](auto& p) { p[0][0].mean = 2; }), testing::HasSubstr("proportion of 2"));
  EXPECT_THAT(error([](auto& p) { p[0][0].mean = NAN; }), testing::HasSubstr("nan"));
  EXPECT_THAT(error([](auto& p) { p[0][0].units = 0; }), testing::HasSubstr("no units"));
  EXPECT_THAT(error([](auto& p) { p[0][0].share = 0, p[0][1].share = 1; }), testing::HasSubstr("share of 0"));
  EXPECT_THAT(error(as_it_is, {.floor = 0.6}), testing::HasSubstr("floor"));
  EXPECT_THAT(error(as_it_is, {.prior_successes = 0}), testing::HasSubstr("prior"));
  EXPECT_THAT(error(as_it_is, {.draws = 0}), testing::HasSubstr("draws"));
  const auto equal = [](auto& p) { p[0][0].variance = p[0][1].variance = 0; };
  EXPECT_THAT(error(equal, {.outcome = Outcome::kMean}), testing::HasSubstr("equal"));
}

}  // namespace
}  // namespace handsel::assignment

#include <array>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "base/math/statistics.h"
#include "proof/estimators/difference.h"

namespace handsel::estimators {
namespace {

// The obvious twin: n draws for each resample.
double slow_variance(std::vector<double> values, double share, std::size_t resamples) {
  Rng rng(5);
  std::vector<double> quantiles;
  for (std::size_t r = 0; r < resamples; ++r) {
    std::vector<double> drawn;
    for (std::size_t i = 0; i < values.size(); ++i) drawn.push_back(values[rng.below(values.size())]);
    quantiles.push_back(quantile(drawn, share));
  }
  return variance(quantiles);
}

std::vector<double> draw(std::size_t units, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> out;
  for (std::size_t i = 0; i < units; ++i) out.push_back(rng.exponential(1));
  return out;
}

TEST(QuantileBootstrap, IsThatOfDrawingEveryUnit) {
  for (const std::size_t units : {2u, 3u, 50u, 400u}) {
    for (const double share : {0.1, 0.5, 0.9}) {
      const auto values = draw(units, units);
      const auto pair = quantile_bootstrap_pair(values, values, share, {.resamples = 20'000});
      ASSERT_TRUE(pair) << pair.error().message;
      EXPECT_DOUBLE_EQ(pair->control, quantile(values, share));
      // Both variances are simulated: 20,000 draws know one to about 2 %.
      EXPECT_NEAR(pair->control_variance / slow_variance(values, share, 20'000), 1, 0.08) << units << " " << share;
    }
  }
}

TEST(QuantileBootstrap, IntervalsCover) {
  std::size_t covered = 0;
  constexpr std::size_t kRuns = 1'000;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    const auto pair =
        quantile_bootstrap_pair(draw(300, 2 * run), draw(300, 2 * run + 1), 0.75, {.resamples = 300, .seed = run});
    ASSERT_TRUE(pair);
    const Difference difference = difference_of(*pair, 0.95);
    covered += difference.low <= 0 && difference.high >= 0;
  }
  EXPECT_NEAR(static_cast<double>(covered) / kRuns, 0.95, 0.02);  // 1,000 runs know it to 0.7 %
}

// Thirty clusters of unlike sizes, whose members have most in common; half of them in each arm.
TEST(QuantileBootstrap, IntervalsCoverWithClusters) {
  std::size_t covered = 0;
  std::size_t covered_without = 0;
  constexpr std::size_t kRuns = 300;
  constexpr std::uint32_t kClusters = 60;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    Rng rng(run + 1);
    std::array<std::vector<double>, 2> values;
    std::array<std::vector<std::uint32_t>, 2> clusters;
    for (std::uint32_t cluster = 0; cluster < kClusters; ++cluster) {
      const double common = rng.normal();
      for (std::uint64_t i = 0; i < 3 + rng.below(10); ++i) {
        values[cluster % 2].push_back(common + 0.5 * rng.normal());
        clusters[cluster % 2].push_back(cluster);
      }
    }
    const auto pair = quantile_cluster_bootstrap_pair({values[0], clusters[0]}, {values[1], clusters[1]}, kClusters,
                                                      0.5, {.resamples = 200, .seed = run});
    ASSERT_TRUE(pair) << pair.error().message;
    EXPECT_DOUBLE_EQ(pair->control, quantile(values[0], 0.5));
    const Difference with = difference_of(*pair, 0.95);
    covered += with.low <= 0 && with.high >= 0;
    const Difference without = difference_of(*quantile_bootstrap_pair(values[0], values[1], 0.5, {}), 0.95);
    covered_without += without.low <= 0 && without.high >= 0;
  }
  EXPECT_GE(covered, 273u);          // 285 expected, give or take 4
  EXPECT_LT(covered_without, 220u);  // what ignoring the clusters costs
}

TEST(QuantileBootstrap, Refuses) {
  const std::vector<double> two = {1, 2};
  const std::vector<double> one = {1};
  const std::vector<double> endless = {1, INFINITY};
  EXPECT_FALSE(quantile_bootstrap_pair(one, two, 0.5, {}));
  EXPECT_FALSE(quantile_bootstrap_pair(two, endless, 0.5, {}));
  EXPECT_FALSE(quantile_bootstrap_pair(two, two, 1, {}));
  EXPECT_FALSE(quantile_bootstrap_pair(two, two, 0.5, {.resamples = 1}));
  EXPECT_TRUE(quantile_bootstrap_pair(two, two, 0.5, {}));
}

}  // namespace
}  // namespace handsel::estimators

#include "proof/reports/stream.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "proof/estimators/difference.h"

namespace handsel::experiments {
namespace {

constexpr std::size_t kRows = 500;

void fill(std::size_t number, Chunk& chunk) {
  Rng rng = Rng(9).split(number);
  chunk.metrics.assign(2, std::vector<double>(kRows));
  chunk.before.assign(2, std::vector<double>(kRows));
  chunk.arm.assign(kRows, 0);
  chunk.mediator.assign(kRows, 0);
  for (std::size_t row = 0; row < kRows; ++row) {
    chunk.arm[row] = static_cast<std::uint8_t>(rng.below(3));  // the third is left out
    chunk.mediator[row] = chunk.arm[row] + rng.normal();
    for (std::size_t m = 0; m < 2; ++m) {
      chunk.before[m][row] = rng.normal();
      chunk.metrics[m][row] = chunk.before[m][row] + chunk.mediator[row] + rng.normal();
    }
    if (rng.chance(.1)) chunk.metrics[1][row] = std::nan("");
  }
}

std::vector<StreamedArm> run(std::size_t threads) {
  ThreadPool pool(threads);
  auto arms = stream({.chunks = 37, .arms = 2, .metrics = 2, .mediated_metric = 1, .pilot = {.5, .5}}, fill, pool);
  EXPECT_TRUE(arms);
  return std::move(*arms);
}

TEST(Stream, IsTheSameToTheBitOnAnyNumberOfThreads) {
  const auto one = run(1);
  for (const std::size_t threads : {2, 5}) {
    const auto many = run(threads);
    for (std::size_t arm = 0; arm < 2; ++arm) {
      EXPECT_EQ(one[arm].units, many[arm].units);
      for (std::size_t m = 0; m < 2; ++m) {
        EXPECT_EQ(one[arm].metrics[m].mean_y, many[arm].metrics[m].mean_y);
        EXPECT_EQ(one[arm].metrics[m].xy, many[arm].metrics[m].xy);
      }
      EXPECT_EQ(one[arm].mediation.sum(2, 2), many[arm].mediation.sum(2, 2));
    }
  }
}

TEST(Stream, IsTheSameAsAllRowsAtOnce) {
  std::vector<double> values[2];
  std::vector<double> treatment, mediator, outcome;
  for (std::size_t number = 0; number < 37; ++number) {
    Chunk chunk;
    fill(number, chunk);
    for (std::size_t row = 0; row < kRows; ++row) {
      if (chunk.arm[row] > 1) continue;
      values[chunk.arm[row]].push_back(chunk.metrics[0][row]);
      if (std::isnan(chunk.metrics[1][row])) continue;
      treatment.push_back(chunk.arm[row]);
      mediator.push_back(chunk.mediator[row]);
      outcome.push_back(chunk.metrics[1][row]);
    }
  }
  const auto arms = run(2);
  const auto pair = estimators::moments_pair(arms[0].metrics[0], arms[1].metrics[0], false);
  const auto twin = estimators::welch_pair(values[0], values[1]);
  ASSERT_TRUE(pair && twin);
  EXPECT_NEAR(pair->treated, twin->treated, 1e-12);
  EXPECT_NEAR(pair->treated_variance, twin->treated_variance, 1e-15);
  EXPECT_EQ(arms[0].units, values[0].size());
  const auto effects = mediation::mediate_moments(arms[0].mediation, arms[1].mediation, .95);
  const auto effects_twin =
      mediation::mediate({.treatment = treatment, .mediator = mediator, .outcome = outcome, .covariates = {}}, {});
  ASSERT_TRUE(effects && effects_twin);
  EXPECT_NEAR(effects->indirect[1].estimate, effects_twin->indirect[1].estimate, 1e-10);
  EXPECT_NEAR(effects->direct[0].error, effects_twin->direct[0].error, 1e-10);
}

TEST(Stream, RefusesTooManyChunks) {
  ThreadPool pool(1);
  EXPECT_FALSE(stream({.chunks = kChunksMax + 1}, fill, pool));
}

}  // namespace
}  // namespace handsel::experiments

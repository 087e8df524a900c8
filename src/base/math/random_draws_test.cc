#include "base/math/random_draws.h"

#include <vector>

#include <gtest/gtest.h>

#include "base/math/statistics.h"

namespace handsel {
namespace {

TEST(RandomDraws, MomentsOfGamma) {
  for (const double shape : {0.3, 1.0, 2.5, 400.0}) {
    Rng rng(7);
    std::vector<double> values;
    for (int i = 0; i < 40'000; ++i) values.push_back(draw_gamma(rng, shape));
    EXPECT_NEAR(mean(values) / shape, 1, 5 / std::sqrt(shape * 40'000)) << shape;
    EXPECT_NEAR(variance(values) / shape, 1, 0.15) << shape;
  }
}

TEST(RandomDraws, MomentsOfBeta) {
  Rng rng(8);
  std::vector<double> values;
  for (int i = 0; i < 40'000; ++i) values.push_back(draw_beta(rng, 3, 7));
  EXPECT_NEAR(mean(values), 0.3, 0.004);
  EXPECT_NEAR(variance(values), 0.3 * 0.7 / 11, 0.0006);
}

}  // namespace
}  // namespace handsel

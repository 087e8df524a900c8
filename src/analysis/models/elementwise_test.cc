#include "analysis/models/elementwise.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace handsel::models {
namespace {

std::vector<float> ladder(float from, float to, std::size_t steps) {
  std::vector<float> values(steps);
  for (std::size_t i = 0; i < steps; ++i) {
    values[i] = from + (to - from) * static_cast<float>(i) / static_cast<float>(steps - 1);
  }
  return values;
}

TEST(Elementwise, VectorGeluAgreesWithTheLibrary) {
  const auto x = ladder(-20, 20, 40'003);
  auto gelu = x;
  auto gelu_tanh = x;
  activate(gelu, Activation::kGelu, best_instructions());
  activate(gelu_tanh, Activation::kGeluTanh, best_instructions());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = 0.5 * x[i] * (1 + std::erf(x[i] / std::sqrt(2.0)));
    const double cubic = x[i] + 0.044715 * std::pow(static_cast<double>(x[i]), 3);
    const double tanh = 0.5 * x[i] * (1 + std::tanh(std::sqrt(2 / M_PI) * cubic));
    // 1e-6 absolute near zero, where erf's error is multiplied by x; float's own beyond.
    EXPECT_NEAR(gelu[i], exact, 1e-6 * std::max(1.0f, std::abs(x[i]))) << x[i];
    EXPECT_NEAR(gelu_tanh[i], tanh, 1e-6 * std::max(1.0f, std::abs(x[i]))) << x[i];
  }
}

TEST(Elementwise, SoftmaxAgreesWithTheLibrary) {
  for (const std::size_t size : {1u, 2u, 7u, 8u, 9u, 100u}) {
    auto one = ladder(-30, 12, size + 1);
    one.pop_back();
    auto other = one;
    softmax(one, 0.3f, Instructions::kPlain);
    softmax(other, 0.3f, best_instructions());
    EXPECT_NEAR(std::accumulate(other.begin(), other.end(), 0.0), 1.0, 1e-6);
    for (std::size_t i = 0; i < size; ++i) EXPECT_NEAR(one[i], other[i], 1e-6);
  }
}

TEST(Elementwise, SoftmaxOfLargeNumbersIsFinite) {
  std::vector<float> row = {1e30f, -1e30f, 1e30f, 0, 0, 0, 0, 0, 0};
  softmax(row, 1.0f, best_instructions());
  EXPECT_FLOAT_EQ(row[0], 0.5f);
  EXPECT_NEAR(row[1], 0.0f, 1e-6);
}

TEST(Elementwise, LayerNormHasMeanZeroAndVarianceOne) {
  const std::vector<float> gain(37, 1.0f);
  const std::vector<float> shift(37, 0.0f);
  auto row = ladder(-3, 100, 37);
  const auto added = ladder(5, 7, 37);
  normalise_layer(row, added, {gain, shift, 1e-12f});
  double mean = 0;
  double square = 0;
  for (const float x : row) {
    mean += x / 37;
    square += x * x / 37;
  }
  EXPECT_NEAR(mean, 0, 1e-6);
  EXPECT_NEAR(square, 1, 1e-5);
}

TEST(Elementwise, LengthOfWhatHasNoneIsZero) {
  std::vector<float> row = {3, 4};
  normalise_length(row);
  EXPECT_FLOAT_EQ(row[0], 0.6f);
  for (const float bad : {0.0f, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    row = {bad, 0};
    normalise_length(row);
    EXPECT_EQ(row, (std::vector<float>{0, 0}));
  }
}

}  // namespace
}  // namespace handsel::models

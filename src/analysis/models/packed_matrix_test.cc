#include "analysis/models/packed_matrix.h"

#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/models/elementwise.h"
#include "base/core/rng.h"

namespace handsel::models {
namespace {

std::vector<Instructions> all_instructions() {
  std::vector<Instructions> all = {Instructions::kPlain};
  const Instructions best = best_instructions();
  if (best == Instructions::kAvx512) all.push_back(Instructions::kAvx2);
  if (best != Instructions::kPlain) all.push_back(best);
  return all;
}

std::vector<float> random_floats(Rng& rng, std::size_t count) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(rng.uniform() * 2 - 1);
  return values;
}

// The obvious twin.
std::vector<double> product(const std::vector<float>& in, const std::vector<float>& weights,
                            const std::vector<float>& bias, MatrixShape shape) {
  std::vector<double> out;
  for (std::size_t row = 0; row * shape.inputs < in.size(); ++row) {
    for (std::size_t output = 0; output < shape.outputs; ++output) {
      double sum = bias[output];
      for (std::size_t k = 0; k < shape.inputs; ++k) {
        sum += static_cast<double>(in[row * shape.inputs + k]) * weights[output * shape.inputs + k];
      }
      out.push_back(sum);
    }
  }
  return out;
}

TEST(PackedMatrix, MultipliesLikeTheDefinition) {
  Rng rng(1);
  for (const auto& [rows, outputs, inputs] :
       {std::tuple{1, 1, 1}, {7, 16, 3}, {5, 33, 8}, {13, 47, 64}, {200, 20, 19}}) {
    const MatrixShape shape{static_cast<std::size_t>(outputs), static_cast<std::size_t>(inputs)};
    const auto count = static_cast<std::size_t>(rows);
    const auto in = random_floats(rng, count * shape.inputs);
    const auto weights = random_floats(rng, shape.outputs * shape.inputs);
    const auto bias = random_floats(rng, shape.outputs);
    const auto expected = product(in, weights, bias, shape);
    PackedMatrix matrix;
    matrix.reset({100, 100});  // what was there before must not matter
    matrix.reset(shape);
    matrix.set_outputs(0, {weights.data(), shape.outputs, shape.inputs});
    for (const Instructions instructions : all_instructions()) {
      std::vector<float> out(count * (shape.outputs + 3), 99.0f);
      matrix.multiply({in.data(), count, shape.inputs}, bias, Activation::kNone, {out.data(), shape.outputs + 3},
                      instructions);
      for (std::size_t i = 0; i < count * (shape.outputs + 3); ++i) {
        const std::size_t row = i / (shape.outputs + 3);
        const std::size_t output = i % (shape.outputs + 3);
        if (output >= shape.outputs) {
          EXPECT_EQ(out[i], 99.0f) << "written beside the row";
        } else {
          // Rounding of sums of at most 64 numbers below 1.
          EXPECT_NEAR(out[i], expected[row * shape.outputs + output], 1e-5);
        }
      }
    }
  }
}

TEST(PackedMatrix, BothWaysOfFillingAgree) {
  Rng rng(2);
  const MatrixShape shape{37, 11};
  const auto weights = random_floats(rng, shape.outputs * shape.inputs);
  std::vector<float> turned(weights.size());
  for (std::size_t output = 0; output < shape.outputs; ++output) {
    for (std::size_t k = 0; k < shape.inputs; ++k)
      turned[k * shape.outputs + output] = weights[output * shape.inputs + k];
  }
  const auto in = random_floats(rng, shape.inputs);
  std::vector<float> one(shape.outputs);
  std::vector<float> other(shape.outputs);
  PackedMatrix matrix;
  matrix.reset(shape);
  matrix.set_outputs(0, {weights.data(), 20, shape.inputs});
  matrix.set_outputs(20, {weights.data() + 20 * shape.inputs, 17, shape.inputs});
  matrix.multiply({in.data(), 1, shape.inputs}, {}, Activation::kNone, {one.data(), shape.outputs},
                  best_instructions());
  matrix.reset(shape);
  matrix.set_inputs({turned.data(), shape.inputs, shape.outputs});
  matrix.multiply({in.data(), 1, shape.inputs}, {}, Activation::kNone, {other.data(), shape.outputs},
                  best_instructions());
  EXPECT_EQ(one, other);
}

TEST(PackedMatrix, ActivatesEveryOutput) {
  Rng rng(3);
  const MatrixShape shape{21, 5};
  const auto weights = random_floats(rng, shape.outputs * shape.inputs);
  const auto bias = random_floats(rng, shape.outputs);
  const auto in = random_floats(rng, 100 * shape.inputs);
  PackedMatrix matrix;
  matrix.reset(shape);
  matrix.set_outputs(0, {weights.data(), shape.outputs, shape.inputs});
  for (const Activation activation : {Activation::kGelu, Activation::kGeluTanh}) {
    std::vector<float> plain(100 * shape.outputs);
    std::vector<float> active(100 * shape.outputs);
    matrix.multiply({in.data(), 100, shape.inputs}, bias, Activation::kNone, {plain.data(), shape.outputs},
                    best_instructions());
    matrix.multiply({in.data(), 100, shape.inputs}, bias, activation, {active.data(), shape.outputs},
                    best_instructions());
    activate(plain, activation, Instructions::kPlain);
    for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_NEAR(plain[i], active[i], 1e-6);
  }
}

}  // namespace
}  // namespace handsel::models

// A matrix that many rows of activations are multiplied by, laid out once so that the
// inner loop reads it from front to back.
//
// Panels of 16 outputs; within a panel, for each input the 16 weights side by side:
//
//   panels[(output / 16 * inputs + input) * 16 + output % 16]
//
// The last panel is filled up with zeros. A tile of a few rows by one panel stays in
// registers (Goto and van de Geijn 2008, "Anatomy of high-performance matrix
// multiplication"); rows are taken in blocks that stay in the second-level cache.
//
// const functions from any thread. A row costs inputs x outputs multiply-adds; with few
// rows the time is that of reading the matrix once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "analysis/models/instructions.h"

namespace handsel::models {

// What is done to each output.
enum class Activation : std::uint8_t {
  kNone,
  kGelu,      // x * Phi(x), Phi the normal distribution (Hendrycks and Gimpel 2016, arXiv:1606.08415)
  kGeluTanh,  // the same paper's approximation by tanh, "gelu_new"
};

struct MatrixShape {
  std::size_t outputs = 0;
  std::size_t inputs = 0;
};

// Rows of floats in somebody's memory: row i begins at data + i * stride.
struct ConstRows {
  const float* data = nullptr;
  std::size_t count = 0;
  std::size_t stride = 0;
};
struct Rows {
  float* data = nullptr;
  std::size_t stride = 0;
};

class PackedMatrix {
 public:
  // Sets shape and forgets the content; keeps the memory where it suffices.
  void reset(MatrixShape shape);
  // Outputs [first, first + weights.count), whose weights are rows of inputs() floats.
  void set_outputs(std::size_t first, ConstRows weights);
  // The same from a matrix with one row per input: weights.count is inputs().
  void set_inputs(ConstRows weights);

  MatrixShape shape() const { return shape_; }

  // out[i] = activation(this * in[i] + bias), `bias` of outputs() floats or empty.
  // `in` and `out` must not overlap.
  void multiply(ConstRows in, std::span<const float> bias, Activation activation, Rows out,
                Instructions instructions) const;

 private:
  struct Free {
    void operator()(float* memory) const;
  };

  MatrixShape shape_;
  std::size_t capacity_ = 0;
  std::unique_ptr<float[], Free> panels_;  // aligned to a cache line
};

}  // namespace handsel::models

// The loops in which the two-tower model spends its time.
//
// Each has a form for AVX2, chosen at run time, and a scalar one. Sums run over the
// rows of a matrix and not within a vector, and a product is rounded before it is
// added, so both forms give the same bits on every machine.
//
// Pure functions, any thread. Rows need no alignment.
#pragma once

#include <cstddef>
#include <cstdint>

namespace handsel::models {

struct RowKernels {
  // out[i] += scale * row[i]
  void (*add_bytes)(float* out, const std::int8_t* row, float scale, std::size_t count);
  void (*add_floats)(float* out, const float* row, float scale, std::size_t count);
  // Sum of a[i] * b[i], in eight partial sums that are then added in order.
  float (*dot)(const float* a, const float* b, std::size_t count);
};

// What this machine can do best.
const RowKernels& row_kernels();
// The obvious twin.
const RowKernels& scalar_row_kernels();

}  // namespace handsel::models

#include "analysis/models/two_tower_kernels.h"

#include <cstring>

namespace handsel::models {
namespace {

// One text for both forms: inlined into a function for AVX2, it is compiled for AVX2.
#define HANDSEL_INLINE [[gnu::always_inline]] inline

template <typename Value>
HANDSEL_INLINE void add_scaled(float* __restrict out, const Value* __restrict row, float scale, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] += scale * static_cast<float>(row[i]);
}

// Eight lanes: one register of AVX2, two of SSE2 or NEON, which every x86-64 and aarch64 have.
using Lanes = float __attribute__((vector_size(32)));
constexpr std::size_t kLanes = 8;

HANDSEL_INLINE float dot_in_lanes(const float* a, const float* b, std::size_t count) {
  Lanes sums{};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    Lanes left;
    Lanes right;
    std::memcpy(&left, a + i, sizeof(left));
    std::memcpy(&right, b + i, sizeof(right));
    sums += left * right;
  }
  for (; i < count; ++i) sums[i % kLanes] += a[i] * b[i];
  float total = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) total += sums[lane];
  return total;
}

void add_bytes_scalar(float* out, const std::int8_t* row, float scale, std::size_t count) {
  add_scaled(out, row, scale, count);
}
void add_floats_scalar(float* out, const float* row, float scale, std::size_t count) {
  add_scaled(out, row, scale, count);
}
float dot_scalar(const float* a, const float* b, std::size_t count) {
  return dot_in_lanes(a, b, count);
}

constexpr RowKernels kScalar{.add_bytes = add_bytes_scalar, .add_floats = add_floats_scalar, .dot = dot_scalar};

#ifdef __x86_64__
__attribute__((target("avx2"))) void add_bytes_avx2(float* out, const std::int8_t* row, float scale,
                                                    std::size_t count) {
  add_scaled(out, row, scale, count);
}
__attribute__((target("avx2"))) void add_floats_avx2(float* out, const float* row, float scale, std::size_t count) {
  add_scaled(out, row, scale, count);
}
__attribute__((target("avx2"))) float dot_avx2(const float* a, const float* b, std::size_t count) {
  return dot_in_lanes(a, b, count);
}

constexpr RowKernels kAvx2{.add_bytes = add_bytes_avx2, .add_floats = add_floats_avx2, .dot = dot_avx2};
#endif

}  // namespace

const RowKernels& scalar_row_kernels() {
  return kScalar;
}

const RowKernels& row_kernels() {
#ifdef __x86_64__
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
  if (has_avx2) return kAvx2;
#endif
  return kScalar;
}

}  // namespace handsel::models

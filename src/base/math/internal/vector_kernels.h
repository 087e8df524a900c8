// What the kernels of vector_kernels.h share, and where each architecture's are: a file for
// each, of which those for other architectures have none.
//
// Pure, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/math/vector_kernels.h"

namespace handsel::internal {

inline constexpr std::size_t kLanes = 32;

inline std::int32_t dot_i8_scalar(const std::int8_t* a, const std::int8_t* b, std::size_t size) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += static_cast<std::int32_t>(a[i]) * b[i];
  return sum;
}

// The last, incomplete block with zeros behind it: they add nothing.
template <typename T, std::size_t kSize>
struct Padded {
  Padded(const T* from, std::size_t size) { std::memcpy(values.data(), from, size * sizeof(T)); }
  alignas(64) std::array<T, kSize> values{};
};

// Those that this machine can run, the best last.
std::span<const VectorKernels* const> x86_vector_kernels();
std::span<const VectorKernels* const> neon_vector_kernels();

}  // namespace handsel::internal

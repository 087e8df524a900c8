#include "base/math/vector_kernels.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include "base/math/internal/vector_kernels.h"

namespace handsel {
namespace {

using internal::kLanes;

// Halves the number of lanes until one is left: the order in which all kernels add.
float fold(std::array<float, kLanes>& lanes) {
  for (std::size_t half = kLanes / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

float dot_f16_scalar(const float* a, const std::uint16_t* b, std::size_t size) {
  std::array<float, kLanes> lanes{};
  for (std::size_t i = 0; i < size; ++i) lanes[i % kLanes] = std::fma(a[i], from_half(b[i]), lanes[i % kLanes]);
  return fold(lanes);
}

float dot_f32_scalar(const float* a, const float* b, std::size_t size) {
  std::array<float, kLanes> lanes{};
  for (std::size_t i = 0; i < size; ++i) lanes[i % kLanes] = std::fma(a[i], b[i], lanes[i % kLanes]);
  return fold(lanes);
}

constexpr VectorKernels kScalar = {"scalar", internal::dot_i8_scalar, dot_f16_scalar, dot_f32_scalar};

std::vector<const VectorKernels*> look_at_this_machine() {
  std::vector<const VectorKernels*> best_last = {&kScalar};
  for (const auto& kernels : {internal::x86_vector_kernels(), internal::neon_vector_kernels()}) {
    best_last.insert(best_last.end(), kernels.begin(), kernels.end());
  }
  return best_last;
}

}  // namespace

std::span<const VectorKernels* const> supported_vector_kernels() {
  static const std::vector<const VectorKernels*> supported = look_at_this_machine();
  return supported;
}

const VectorKernels& vector_kernels() {
  static const VectorKernels& best = *supported_vector_kernels().back();
  return best;
}

const VectorKernels& scalar_vector_kernels() {
  return kScalar;
}

std::uint16_t to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000u;
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return static_cast<std::uint16_t>(sign | 0x7e00u);   // not a number
  if (magnitude >= 0x477ff000u) return static_cast<std::uint16_t>(sign | 0x7c00u);  // 65520 and more
  if (magnitude < 0x38800000u) {
    // Below 2^-14 halves are multiples of 2^-24; adding 0.5 puts that unit at the end of the float, rounded.
    const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
    return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3f000000u));
  }
  const std::uint32_t odd = (magnitude >> 13) & 1u;
  return static_cast<std::uint16_t>(sign | ((magnitude - 0x38000000u + 0xfffu + odd) >> 13));
}

float from_half(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000u) << 16;
  const std::uint32_t magnitude = half & 0x7fffu;
  if (magnitude >= 0x7c00u) return std::bit_cast<float>(sign | 0x7f800000u | ((magnitude & 0x3ffu) << 13));
  if (magnitude < 0x400u) {
    const float value = static_cast<float>(magnitude) * 0x1p-24f;
    return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(value));
  }
  return std::bit_cast<float>(sign | ((magnitude << 13) + 0x38000000u));
}

float quantise_i8(std::span<const float> v, std::int8_t* codes) {
  float largest = 0;
  for (const float value : v) largest = std::max(largest, std::abs(value));
  const float scale = largest / 127;
  const float per_unit = scale > 0 ? 1 / scale : 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const float code = std::isfinite(per_unit) ? std::nearbyint(v[i] * per_unit) : 0;
    codes[i] = static_cast<std::int8_t>(std::clamp(code, -127.0f, 127.0f));
  }
  return scale;
}

}  // namespace handsel

// The kernels of vector_kernels.h for aarch64, of which all have NEON, fused multiply-add and
// conversion from half precision. Products of bytes have an instruction of their own on
// newer machines (FEAT_DotProd), called where the machine has it.
#include "base/math/internal/vector_kernels.h"

#if defined(__aarch64__)
#include <arm_neon.h>
#include <sys/auxv.h>

namespace handsel::internal {
namespace {

// Sums of two products of bytes would not fit 16 bits, so each goes into 32 at once.
std::int32_t dot_i8_neon(const std::int8_t* a, const std::int8_t* b, std::size_t size) {
  int32x4_t low = vdupq_n_s32(0);
  int32x4_t high = vdupq_n_s32(0);
  std::size_t i = 0;
  for (; i + 16 <= size; i += 16) {
    const int8x16_t x = vld1q_s8(a + i);
    const int8x16_t y = vld1q_s8(b + i);
    low = vpadalq_s16(low, vmull_s8(vget_low_s8(x), vget_low_s8(y)));
    high = vpadalq_s16(high, vmull_high_s8(x, y));
  }
  return vaddvq_s32(vaddq_s32(low, high)) + dot_i8_scalar(a + i, b + i, size - i);
}

// The architecture is named because GCC does not inline its own intrinsic into less.
__attribute__((target("arch=armv8.2-a+dotprod"))) std::int32_t dot_i8_dotprod(const std::int8_t* a,
                                                                              const std::int8_t* b, std::size_t size) {
  constexpr std::size_t kBlock = 32;
  int32x4_t low = vdupq_n_s32(0);
  int32x4_t high = vdupq_n_s32(0);
  std::size_t i = 0;
  for (; i + kBlock <= size; i += kBlock) {
    low = vdotq_s32(low, vld1q_s8(a + i), vld1q_s8(b + i));
    high = vdotq_s32(high, vld1q_s8(a + i + 16), vld1q_s8(b + i + 16));
  }
  if (i < size) {
    const Padded<std::int8_t, kBlock> x(a + i, size - i);
    const Padded<std::int8_t, kBlock> y(b + i, size - i);
    low = vdotq_s32(low, vld1q_s8(x.values.data()), vld1q_s8(y.values.data()));
    high = vdotq_s32(high, vld1q_s8(x.values.data() + 16), vld1q_s8(y.values.data() + 16));
  }
  return vaddvq_s32(vaddq_s32(low, high));
}

inline float32x4_t load_four(const float* from) {
  return vld1q_f32(from);
}
inline float32x4_t load_four(const std::uint16_t* from) {
  return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(from)));
}

using Sums = std::array<float32x4_t, kLanes / 4>;

template <typename T>
inline void add_block(Sums& sums, const float* x, const T* y) {
  for (std::size_t part = 0; part < sums.size(); ++part) {
    sums[part] = vfmaq_f32(sums[part], vld1q_f32(x + 4 * part), load_four(y + 4 * part));
  }
}

float fold_neon(const Sums& s) {
  const float32x4_t even = vaddq_f32(vaddq_f32(s[0], s[4]), vaddq_f32(s[2], s[6]));
  const float32x4_t odd = vaddq_f32(vaddq_f32(s[1], s[5]), vaddq_f32(s[3], s[7]));
  const float32x4_t four = vaddq_f32(even, odd);
  return vpadds_f32(vadd_f32(vget_low_f32(four), vget_high_f32(four)));
}

template <typename T>
float dot_neon(const float* a, const T* b, std::size_t size) {
  Sums sums{};
  std::size_t i = 0;
  for (; i + kLanes <= size; i += kLanes) add_block(sums, a + i, b + i);
  if (i < size) {
    const Padded<float, kLanes> x(a + i, size - i);
    const Padded<T, kLanes> y(b + i, size - i);
    add_block(sums, x.values.data(), y.values.data());
  }
  return fold_neon(sums);
}

float dot_f16_neon(const float* a, const std::uint16_t* b, std::size_t size) {
  return dot_neon(a, b, size);
}
float dot_f32_neon(const float* a, const float* b, std::size_t size) {
  return dot_neon(a, b, size);
}

constexpr VectorKernels kNeon = {"neon", dot_i8_neon, dot_f16_neon, dot_f32_neon};
constexpr VectorKernels kNeonDot = {"neondot", dot_i8_dotprod, dot_f16_neon, dot_f32_neon};
constexpr std::array<const VectorKernels*, 2> kBestLast = {&kNeon, &kNeonDot};

}  // namespace

std::span<const VectorKernels* const> neon_vector_kernels() {
  const bool dotprod = (::getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
  return std::span(kBestLast).first(dotprod ? 2 : 1);
}

}  // namespace handsel::internal

#else

namespace handsel::internal {
std::span<const VectorKernels* const> neon_vector_kernels() {
  return {};
}
}  // namespace handsel::internal

#endif

// The kernels of vector_kernels.h for x86-64: AVX2, and AVX-512 with VNNI. Compiled for any
// x86-64, called where the machine has the instructions.
#include "base/math/internal/vector_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
// GCC 12's own header makes "undefined" vectors in a way that it then warns of.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace handsel::internal {
namespace {

#define HANDSEL_AVX2 __attribute__((target("avx2,fma,f16c")))
#define HANDSEL_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c")))

HANDSEL_AVX2 std::int32_t dot_i8_avx2(const std::int8_t* a, const std::int8_t* b, std::size_t size) {
  __m256i sum = _mm256_setzero_si256();
  std::size_t i = 0;
  for (; i + 16 <= size; i += 16) {
    const __m256i x = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a + i)));
    const __m256i y = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(b + i)));
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(x, y));
  }
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1));
  return _mm_cvtsi128_si32(four) + dot_i8_scalar(a + i, b + i, size - i);
}

HANDSEL_AVX2 float fold_avx2(__m256 s0, __m256 s1, __m256 s2, __m256 s3) {
  const __m256 eight = _mm256_add_ps(_mm256_add_ps(s0, s2), _mm256_add_ps(s1, s3));
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  four = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
}

// `load` gives eight floats of b. A lambda would not inherit the target, so b's type chooses.
HANDSEL_AVX2 inline __m256 load_eight(const float* from) {
  return _mm256_loadu_ps(from);
}
HANDSEL_AVX2 inline __m256 load_eight(const std::uint16_t* from) {
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}

template <typename T>
HANDSEL_AVX2 float dot_avx2(const float* a, const T* b, std::size_t size) {
  __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
  const auto block = [&](const float* x, const T* y) HANDSEL_AVX2 {
    s0 = _mm256_fmadd_ps(_mm256_loadu_ps(x), load_eight(y), s0);
    s1 = _mm256_fmadd_ps(_mm256_loadu_ps(x + 8), load_eight(y + 8), s1);
    s2 = _mm256_fmadd_ps(_mm256_loadu_ps(x + 16), load_eight(y + 16), s2);
    s3 = _mm256_fmadd_ps(_mm256_loadu_ps(x + 24), load_eight(y + 24), s3);
  };
  std::size_t i = 0;
  for (; i + kLanes <= size; i += kLanes) block(a + i, b + i);
  if (i < size) {
    const Padded<float, kLanes> x(a + i, size - i);
    const Padded<T, kLanes> y(b + i, size - i);
    block(x.values.data(), y.values.data());
  }
  return fold_avx2(s0, s1, s2, s3);
}

HANDSEL_AVX2 float dot_f16_avx2(const float* a, const std::uint16_t* b, std::size_t size) {
  return dot_avx2(a, b, size);
}
HANDSEL_AVX2 float dot_f32_avx2(const float* a, const float* b, std::size_t size) {
  return dot_avx2(a, b, size);
}

// The instruction multiplies unsigned by signed: a is moved up by 128, and 128 times the sum of b is taken off.
HANDSEL_AVX512 std::int32_t dot_i8_vnni(const std::int8_t* a, const std::int8_t* b, std::size_t size) {
  const __m512i up = _mm512_set1_epi8(static_cast<char>(0x80));
  __m512i sum = _mm512_setzero_si512();
  __m512i excess = _mm512_setzero_si512();
  std::size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    const __m512i y = _mm512_loadu_si512(b + i);
    sum = _mm512_dpbusd_epi32(sum, _mm512_xor_si512(_mm512_loadu_si512(a + i), up), y);
    excess = _mm512_dpbusd_epi32(excess, up, y);
  }
  if (i < size) {
    const __mmask64 mask = ~0ull >> (64 - (size - i));
    const __m512i y = _mm512_maskz_loadu_epi8(mask, b + i);
    sum = _mm512_dpbusd_epi32(sum, _mm512_xor_si512(_mm512_maskz_loadu_epi8(mask, a + i), up), y);
    excess = _mm512_dpbusd_epi32(excess, up, y);
  }
  return _mm512_reduce_add_epi32(_mm512_sub_epi32(sum, excess));
}

HANDSEL_AVX512 inline __m512 load_sixteen(const float* from) {
  return _mm512_loadu_ps(from);
}
HANDSEL_AVX512 inline __m512 load_sixteen(const std::uint16_t* from) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
}

template <typename T>
HANDSEL_AVX512 float dot_avx512(const float* a, const T* b, std::size_t size) {
  __m512 s0 = _mm512_setzero_ps(), s1 = s0;
  std::size_t i = 0;
  for (; i + kLanes <= size; i += kLanes) {
    s0 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i), load_sixteen(b + i), s0);
    s1 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i + 16), load_sixteen(b + i + 16), s1);
  }
  if (i < size) {
    const Padded<float, kLanes> x(a + i, size - i);
    const Padded<T, kLanes> y(b + i, size - i);
    s0 = _mm512_fmadd_ps(_mm512_load_ps(x.values.data()), load_sixteen(y.values.data()), s0);
    s1 = _mm512_fmadd_ps(_mm512_load_ps(x.values.data() + 16), load_sixteen(y.values.data() + 16), s1);
  }
  const __m512 sixteen = _mm512_add_ps(s0, s1);
  const __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(sixteen), _mm512_extractf32x8_ps(sixteen, 1));
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  four = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
}

HANDSEL_AVX512 float dot_f16_avx512(const float* a, const std::uint16_t* b, std::size_t size) {
  return dot_avx512(a, b, size);
}
HANDSEL_AVX512 float dot_f32_avx512(const float* a, const float* b, std::size_t size) {
  return dot_avx512(a, b, size);
}

constexpr VectorKernels kAvx2 = {"avx2", dot_i8_avx2, dot_f16_avx2, dot_f32_avx2};
constexpr VectorKernels kAvx512 = {"avx512vnni", dot_i8_vnni, dot_f16_avx512, dot_f32_avx512};
constexpr std::array<const VectorKernels*, 2> kBestLast = {&kAvx2, &kAvx512};

}  // namespace

std::span<const VectorKernels* const> x86_vector_kernels() {
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vnni");
  return std::span(kBestLast).first(avx2 ? (avx512 ? 2 : 1) : 0);
}

}  // namespace handsel::internal

#else

namespace handsel::internal {
std::span<const VectorKernels* const> x86_vector_kernels() {
  return {};
}
}  // namespace handsel::internal

#endif

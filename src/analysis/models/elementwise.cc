#include "analysis/models/elementwise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace handsel::models {
namespace {

constexpr std::size_t kLanes = 8;
constexpr float kTanhCubic = 0.044715f;      // of the tanh form of GELU
constexpr float kTanhScale = 0.7978845608f;  // sqrt(2 / pi)
constexpr float kLn2High = 0.693359375f;     // of ln 2 in two parts
constexpr float kLn2Low = -2.12194440e-4f;
constexpr float kExpLowest = -87.0f;  // beyond these exp(x) is no normal number
constexpr float kExpHighest = 88.0f;
constexpr float kErfScale = 0.3275911f;
// Of the polynomials in exp and erf the highest term, and the others going down.
constexpr float kExpTop = 1.0f / 5040;
constexpr std::array kExpTerms = {1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1.0f, 1.0f};
constexpr float kErfTop = 1.061405429f;
constexpr std::array kErfTerms = {-1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f, 0.0f};

float gelu_plain(float x) {
  return 0.5f * x * (1.0f + std::erf(x / std::numbers::sqrt2_v<float>));
}

float gelu_tanh_plain(float x) {
  return 0.5f * x * (1.0f + std::tanh(kTanhScale * (x + kTanhCubic * x * x * x)));
}

void activate_plain(std::span<float> row, Activation activation) {
  for (float& x : row) x = activation == Activation::kGeluTanh ? gelu_tanh_plain(x) : gelu_plain(x);
}

// row = exp(scale * (row - top)).
void exponentiate_plain(std::span<float> row, float scale, float top) {
  for (float& x : row) x = std::exp(scale * (x - top));
}

#if defined(__x86_64__)

// exp(x) = 2^n * exp(r) with n = round(x / ln 2), r = x - n ln 2 in two parts (Cody and
// Waite 1980), |r| <= 0.35; exp(r) by its Taylor series to r^7, whose rest is below
// 1e-8. x is kept where the result is a normal number; NaN becomes the lower end.
__attribute__((target("avx2,fma"))) inline __m256 exp_avx2(__m256 x) {
  x = _mm256_min_ps(_mm256_max_ps(x, _mm256_set1_ps(kExpLowest)), _mm256_set1_ps(kExpHighest));
  const __m256 n = _mm256_round_ps(_mm256_mul_ps(x, _mm256_set1_ps(std::numbers::log2e_v<float>)),
                                   _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(kLn2High), x);
  r = _mm256_fnmadd_ps(n, _mm256_set1_ps(kLn2Low), r);
  __m256 sum = _mm256_set1_ps(kExpTop);
  for (const float term : kExpTerms) {
    sum = _mm256_fmadd_ps(sum, r, _mm256_set1_ps(term));
  }
  const __m256i power = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
  return _mm256_mul_ps(sum, _mm256_castsi256_ps(power));
}

// Abramowitz and Stegun 1964, 7.1.26: absolute error below 1.5e-7.
__attribute__((target("avx2,fma"))) inline __m256 erf_avx2(__m256 x) {
  const __m256 sign = _mm256_and_ps(x, _mm256_set1_ps(-0.0f));
  const __m256 size = _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x);
  const __m256 one = _mm256_set1_ps(1.0f);
  const __m256 t = _mm256_div_ps(one, _mm256_fmadd_ps(size, _mm256_set1_ps(kErfScale), one));
  __m256 sum = _mm256_set1_ps(kErfTop);
  for (const float term : kErfTerms) {
    sum = _mm256_fmadd_ps(sum, t, _mm256_set1_ps(term));
  }
  const __m256 tail = exp_avx2(_mm256_fnmadd_ps(size, size, _mm256_setzero_ps()));
  return _mm256_or_ps(_mm256_fnmadd_ps(sum, tail, one), sign);
}

__attribute__((target("avx2,fma"))) inline __m256 gelu_avx2(__m256 x) {
  const __m256 half = _mm256_mul_ps(x, _mm256_set1_ps(0.5f));
  const __m256 erf = erf_avx2(_mm256_mul_ps(x, _mm256_set1_ps(1 / std::numbers::sqrt2_v<float>)));
  return _mm256_fmadd_ps(half, erf, half);
}

// tanh(u) = 1 - 2 / (exp(2u) + 1).
__attribute__((target("avx2,fma"))) inline __m256 gelu_tanh_avx2(__m256 x) {
  const __m256 one = _mm256_set1_ps(1.0f);
  const __m256 cubic = _mm256_fmadd_ps(_mm256_mul_ps(x, x), _mm256_set1_ps(kTanhCubic), one);
  const __m256 twice = _mm256_mul_ps(_mm256_mul_ps(x, cubic), _mm256_set1_ps(2 * kTanhScale));
  const __m256 rest = _mm256_div_ps(_mm256_set1_ps(2.0f), _mm256_add_ps(exp_avx2(twice), one));
  const __m256 half = _mm256_mul_ps(x, _mm256_set1_ps(0.5f));
  return _mm256_fmadd_ps(half, _mm256_sub_ps(one, rest), half);
}

__attribute__((target("avx2,fma"))) void activate_avx2(std::span<float> row, Activation activation) {
  const bool tanh = activation == Activation::kGeluTanh;
  std::size_t i = 0;
  for (; i + kLanes <= row.size(); i += kLanes) {
    const __m256 x = _mm256_loadu_ps(row.data() + i);
    _mm256_storeu_ps(row.data() + i, tanh ? gelu_tanh_avx2(x) : gelu_avx2(x));
  }
  activate_plain(row.subspan(i), activation);
}

__attribute__((target("avx2,fma"))) void exponentiate_avx2(std::span<float> row, float scale, float top) {
  std::size_t i = 0;
  for (; i + kLanes <= row.size(); i += kLanes) {
    const __m256 x = _mm256_sub_ps(_mm256_loadu_ps(row.data() + i), _mm256_set1_ps(top));
    _mm256_storeu_ps(row.data() + i, exp_avx2(_mm256_mul_ps(x, _mm256_set1_ps(scale))));
  }
  exponentiate_plain(row.subspan(i), scale, top);
}

constexpr auto kActivate = activate_avx2;
constexpr auto kExponentiate = exponentiate_avx2;

#elif defined(__aarch64__)

// The same again, four at a time.
inline float32x4_t exp_neon(float32x4_t x) {
  x = vminnmq_f32(vmaxnmq_f32(x, vdupq_n_f32(kExpLowest)), vdupq_n_f32(kExpHighest));
  const float32x4_t n = vrndnq_f32(vmulq_n_f32(x, std::numbers::log2e_v<float>));
  float32x4_t r = vfmsq_n_f32(x, n, kLn2High);
  r = vfmsq_n_f32(r, n, kLn2Low);
  float32x4_t sum = vdupq_n_f32(kExpTop);
  for (const float term : kExpTerms) sum = vfmaq_f32(vdupq_n_f32(term), sum, r);
  const int32x4_t power = vshlq_n_s32(vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127)), 23);
  return vmulq_f32(sum, vreinterpretq_f32_s32(power));
}

inline float32x4_t erf_neon(float32x4_t x) {
  const float32x4_t size = vabsq_f32(x);
  const float32x4_t one = vdupq_n_f32(1.0f);
  const float32x4_t t = vdivq_f32(one, vfmaq_n_f32(one, size, kErfScale));
  float32x4_t sum = vdupq_n_f32(kErfTop);
  for (const float term : kErfTerms) sum = vfmaq_f32(vdupq_n_f32(term), sum, t);
  const float32x4_t tail = exp_neon(vnegq_f32(vmulq_f32(size, size)));
  return vbslq_f32(vdupq_n_u32(0x80000000u), x, vfmsq_f32(one, sum, tail));
}

inline float32x4_t gelu_neon(float32x4_t x) {
  const float32x4_t half = vmulq_n_f32(x, 0.5f);
  return vfmaq_f32(half, half, erf_neon(vmulq_n_f32(x, 1 / std::numbers::sqrt2_v<float>)));
}

inline float32x4_t gelu_tanh_neon(float32x4_t x) {
  const float32x4_t one = vdupq_n_f32(1.0f);
  const float32x4_t cubic = vfmaq_n_f32(one, vmulq_f32(x, x), kTanhCubic);
  const float32x4_t twice = vmulq_n_f32(vmulq_f32(x, cubic), 2 * kTanhScale);
  const float32x4_t rest = vdivq_f32(vdupq_n_f32(2.0f), vaddq_f32(exp_neon(twice), one));
  const float32x4_t half = vmulq_n_f32(x, 0.5f);
  return vfmaq_f32(half, half, vsubq_f32(one, rest));
}

void activate_neon(std::span<float> row, Activation activation) {
  const bool tanh = activation == Activation::kGeluTanh;
  std::size_t i = 0;
  for (; i + 4 <= row.size(); i += 4) {
    const float32x4_t x = vld1q_f32(row.data() + i);
    vst1q_f32(row.data() + i, tanh ? gelu_tanh_neon(x) : gelu_neon(x));
  }
  activate_plain(row.subspan(i), activation);
}

void exponentiate_neon(std::span<float> row, float scale, float top) {
  std::size_t i = 0;
  for (; i + 4 <= row.size(); i += 4) {
    const float32x4_t x = vsubq_f32(vld1q_f32(row.data() + i), vdupq_n_f32(top));
    vst1q_f32(row.data() + i, exp_neon(vmulq_n_f32(x, scale)));
  }
  exponentiate_plain(row.subspan(i), scale, top);
}

constexpr auto kActivate = activate_neon;
constexpr auto kExponentiate = exponentiate_neon;

#else

constexpr auto kActivate = activate_plain;
constexpr auto kExponentiate = exponentiate_plain;

#endif

// Adds in eight lanes, which the compiler may hold in vector registers.
template <typename Term>
float sum_of(std::size_t size, const Term& term) {
  std::array<float, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= size; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += term(i + lane);
  }
  for (; i < size; ++i) lanes[i % kLanes] += term(i);
  return ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
}

}  // namespace

void activate(std::span<float> row, Activation activation, Instructions instructions) {
  if (activation == Activation::kNone) return;
  (instructions == Instructions::kPlain ? activate_plain : kActivate)(row, activation);
}

void softmax(std::span<float> row, float scale, Instructions instructions) {
  const float top = *std::ranges::max_element(row);
  (instructions == Instructions::kPlain ? exponentiate_plain : kExponentiate)(row, scale, top);
  const float sum = sum_of(row.size(), [&](std::size_t i) { return row[i]; });
  for (float& x : row) x /= sum;
}

void normalise_layer(std::span<float> row, std::span<const float> added, const LayerNorm& norm) {
  for (std::size_t i = 0; i < added.size(); ++i) row[i] += added[i];
  const auto size = static_cast<float>(row.size());
  const float mean = sum_of(row.size(), [&](std::size_t i) { return row[i]; }) / size;
  const float variance = sum_of(row.size(), [&](std::size_t i) { return (row[i] - mean) * (row[i] - mean); }) / size;
  const float scale = 1.0f / std::sqrt(variance + norm.epsilon);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = (row[i] - mean) * scale * norm.gain[i] + norm.shift[i];
}

void normalise_length(std::span<float> row) {
  const float square = sum_of(row.size(), [&](std::size_t i) { return row[i] * row[i]; });
  const float length = std::sqrt(square);
  if (!std::isfinite(length) || length <= 0.0f) {
    std::ranges::fill(row, 0.0f);
    return;
  }
  for (float& x : row) x /= length;
}

}  // namespace handsel::models

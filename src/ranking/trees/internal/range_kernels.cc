// The kernels of range_forest.h. Those for AVX are compiled for any x86-64 and called where the
// machine has the instructions; every aarch64 has NEON.
#include <cstring>

#include "ranking/trees/internal/range_forest.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace handsel::trees::internal {
namespace {

#define HANDSEL_AVX512 __attribute__((target("avx512f,avx512bw"), always_inline)) inline
#define HANDSEL_AVX2 __attribute__((target("avx2"), always_inline)) inline

// The masked forms say the same as those without a mask, of which GCC 12 believes that they
// read what nobody wrote.
constexpr __mmask16 kAll = 0xffff;

// Sixteen rows' leaves. Tables of 32 floats are two registers and one permutation.
HANDSEL_AVX512 __m512 leaves_of(const float* leaves, std::size_t tables, __m512i leaf) {
  __m512 values = _mm512_permutex2var_ps(_mm512_loadu_ps(leaves), leaf, _mm512_loadu_ps(leaves + 16));
  const __m512i table_of = _mm512_maskz_srli_epi32(kAll, leaf, 5);
  for (std::size_t table = 1; table < tables; ++table) {
    const float* from = leaves + 32 * table;
    const __mmask16 here = _mm512_cmpeq_epi32_mask(table_of, _mm512_set1_epi32(static_cast<int>(table)));
    const __m512 found = _mm512_permutex2var_ps(_mm512_loadu_ps(from), leaf, _mm512_loadu_ps(from + 16));
    values = _mm512_mask_mov_ps(values, here, found);
  }
  return values;
}

template <std::size_t kBlocks>
__attribute__((target("avx512f,avx512bw"))) void add_blocks_avx512(const KernelInput& input, float* sums) {
  __m512i leaf[kBlocks];
  for (std::size_t b = 0; b < kBlocks; ++b) leaf[b] = _mm512_setzero_si512();
  __m512i next = _mm512_setzero_si512();
  const __m512i one = _mm512_set1_epi8(1);
  for (const RangeNode* node = input.nodes; node != input.nodes + input.node_count; ++node) {
    const std::uint8_t* column = input.bytes + std::size_t{node->column} * kChunkRows;
    const __m512i split = _mm512_set1_epi8(static_cast<char>(node->split));
    const __m512i first = _mm512_set1_epi8(static_cast<char>(node->first));
    next = _mm512_add_epi8(next, one);
    for (std::size_t b = 0; b < kBlocks; ++b) {
      const __m512i bytes = _mm512_loadu_si512(column + b * kBlockRows);
      const __mmask64 right = _mm512_cmpgt_epu8_mask(bytes, split);
      const __mmask64 moves = _mm512_mask_cmpge_epu8_mask(right, leaf[b], first);
      leaf[b] = _mm512_mask_mov_epi8(leaf[b], moves, next);
    }
  }
  const std::size_t tables = input.node_count / 32 + 1;
  for (std::size_t b = 0; b < kBlocks; ++b) {
    alignas(64) std::uint8_t numbers[kBlockRows];
    _mm512_store_si512(numbers, leaf[b]);
    for (std::size_t i = 0; i < kBlockRows; i += 16) {
      const __m512i wide =
          _mm512_maskz_cvtepu8_epi32(kAll, _mm_load_si128(reinterpret_cast<const __m128i*>(numbers + i)));
      float* to = sums + b * kBlockRows + i;
      _mm512_storeu_ps(to, _mm512_add_ps(_mm512_loadu_ps(to), leaves_of(input.leaves, tables, wide)));
    }
  }
}

HANDSEL_AVX2 __m256i at_least(__m256i left, __m256i right) {
  return _mm256_cmpeq_epi8(_mm256_max_epu8(left, right), left);
}

// 32 rows; `next` grows, so the greater of the two is the newer.
template <std::size_t kBlocks>
__attribute__((target("avx2"))) void add_blocks_avx2(const KernelInput& input, float* sums) {
  constexpr std::size_t kParts = kBlocks * 2;
  constexpr std::size_t kPartRows = 32;
  __m256i leaf[kParts];
  for (std::size_t p = 0; p < kParts; ++p) leaf[p] = _mm256_setzero_si256();
  __m256i next = _mm256_setzero_si256();
  const __m256i one = _mm256_set1_epi8(1);
  for (const RangeNode* node = input.nodes; node != input.nodes + input.node_count; ++node) {
    const std::uint8_t* column = input.bytes + std::size_t{node->column} * kChunkRows;
    const __m256i above = _mm256_set1_epi8(static_cast<char>(node->split + 1));
    const __m256i first = _mm256_set1_epi8(static_cast<char>(node->first));
    next = _mm256_add_epi8(next, one);
    for (std::size_t p = 0; p < kParts; ++p) {
      const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(column + p * kPartRows));
      const __m256i moves = _mm256_and_si256(at_least(bytes, above), at_least(leaf[p], first));
      leaf[p] = _mm256_max_epu8(leaf[p], _mm256_and_si256(moves, next));
    }
  }
  for (std::size_t p = 0; p < kParts; ++p) {
    alignas(32) std::uint8_t numbers[kPartRows];
    _mm256_store_si256(reinterpret_cast<__m256i*>(numbers), leaf[p]);
    for (std::size_t i = 0; i < kPartRows; ++i) sums[p * kPartRows + i] += input.leaves[numbers[i]];
  }
}

}  // namespace

void add_tree_avx512(const KernelInput& input, float* sums) {
  switch (input.blocks) {
    case 1:
      return add_blocks_avx512<1>(input, sums);
    case 2:
      return add_blocks_avx512<2>(input, sums);
    case 3:
      return add_blocks_avx512<3>(input, sums);
    default:
      return add_blocks_avx512<4>(input, sums);
  }
}

void add_tree_avx2(const KernelInput& input, float* sums) {
  switch (input.blocks) {
    case 1:
      return add_blocks_avx2<1>(input, sums);
    case 2:
      return add_blocks_avx2<2>(input, sums);
    case 3:
      return add_blocks_avx2<3>(input, sums);
    default:
      return add_blocks_avx2<4>(input, sums);
  }
}

}  // namespace handsel::trees::internal

#else

// No such machine: supported_kernels() never names these.
namespace handsel::trees::internal {
void add_tree_avx512(const KernelInput&, float*) {}
void add_tree_avx2(const KernelInput&, float*) {}
}  // namespace handsel::trees::internal

#endif

#if defined(__aarch64__)
#include <arm_neon.h>

namespace handsel::trees::internal {
namespace {

// 16 rows a register: with four blocks half of the registers hold leaves.
template <std::size_t kBlocks>
void add_blocks_neon(const KernelInput& input, float* sums) {
  constexpr std::size_t kPartRows = 16;
  constexpr std::size_t kParts = kBlocks * kBlockRows / kPartRows;
  uint8x16_t leaf[kParts];
  for (std::size_t p = 0; p < kParts; ++p) leaf[p] = vdupq_n_u8(0);
  uint8x16_t next = vdupq_n_u8(0);
  const uint8x16_t one = vdupq_n_u8(1);
  for (const RangeNode* node = input.nodes; node != input.nodes + input.node_count; ++node) {
    const std::uint8_t* column = input.bytes + std::size_t{node->column} * kChunkRows;
    const uint8x16_t split = vdupq_n_u8(node->split);
    const uint8x16_t first = vdupq_n_u8(node->first);
    next = vaddq_u8(next, one);
    for (std::size_t p = 0; p < kParts; ++p) {
      const uint8x16_t right = vcgtq_u8(vld1q_u8(column + p * kPartRows), split);
      const uint8x16_t moves = vandq_u8(right, vcgeq_u8(leaf[p], first));
      leaf[p] = vbslq_u8(moves, next, leaf[p]);
    }
  }
  for (std::size_t p = 0; p < kParts; ++p) {
    std::uint8_t numbers[kPartRows];
    vst1q_u8(numbers, leaf[p]);
    for (std::size_t i = 0; i < kPartRows; ++i) sums[p * kPartRows + i] += input.leaves[numbers[i]];
  }
}

}  // namespace

void add_tree_neon(const KernelInput& input, float* sums) {
  switch (input.blocks) {
    case 1:
      return add_blocks_neon<1>(input, sums);
    case 2:
      return add_blocks_neon<2>(input, sums);
    case 3:
      return add_blocks_neon<3>(input, sums);
    default:
      return add_blocks_neon<4>(input, sums);
  }
}

}  // namespace handsel::trees::internal

#else

namespace handsel::trees::internal {
void add_tree_neon(const KernelInput&, float*) {}
}  // namespace handsel::trees::internal

#endif

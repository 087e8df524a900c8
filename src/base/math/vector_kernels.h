// Inner products of short vectors (8..4096 numbers) in three precisions, and the way
// from one precision to the next.
//
// The instruction set is chosen once, at run time; the scalar twin gives the same
// number to the last bit: sums run over the same 32 lanes, with fused multiply-add,
// and are folded in the same order. Pure, any thread; no alignment is asked for.
// Cost at 96 numbers: about 5 ns (int8), 10 ns (half precision) where they are in cache,
// with AVX-512. The kernels for NEON are tested under emulation and were never timed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace handsel {

struct VectorKernels {
  std::string_view name;  // "avx512vnni", "avx2", "neondot", "neon", "scalar"
  // Sums of int8 products: exact up to 4096 * 128 * 128.
  std::int32_t (*dot_i8)(const std::int8_t* a, const std::int8_t* b, std::size_t size);
  // `b` in IEEE 754 half precision.
  float (*dot_f16)(const float* a, const std::uint16_t* b, std::size_t size);
  float (*dot_f32)(const float* a, const float* b, std::size_t size);
};

// The best that this machine can run.
const VectorKernels& vector_kernels();
// The obvious twin.
const VectorKernels& scalar_vector_kernels();
// All that this machine can run, for tests that they agree.
std::span<const VectorKernels* const> supported_vector_kernels();

// Half precision, IEEE 754 binary16: to the nearest, ties to even; too large is infinite.
std::uint16_t to_half(float value);
float from_half(std::uint16_t half);

// v is about scale * codes, |codes| <= 127, and the scale is returned; 0 where all of v is 0.
// Symmetric linear quantisation with one scale a vector.
float quantise_i8(std::span<const float> v, std::int8_t* codes);

}  // namespace handsel

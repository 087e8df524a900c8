// Which instructions the kernels of this room may use. Chosen at run time; each
// choice computes the same, up to rounding.
#pragma once

#include <cstdint>

namespace handsel::models {

enum class Instructions : std::uint8_t {
  kPlain,   // what every machine has: the obvious twin
  kAvx2,    // with FMA
  kAvx512,  // AVX-512F, with the above
  kNeon,    // what every aarch64 has
};

inline Instructions best_instructions() {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (avx2 && __builtin_cpu_supports("avx512f")) return Instructions::kAvx512;
  return avx2 ? Instructions::kAvx2 : Instructions::kPlain;
#elif defined(__aarch64__)
  return Instructions::kNeon;
#else
  return Instructions::kPlain;
#endif
}

}  // namespace handsel::models

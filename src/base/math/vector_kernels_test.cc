#include "base/math/vector_kernels.h"

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "base/core/rng.h"

namespace handsel {
namespace {

TEST(VectorKernels, EveryInstructionSetGivesTheNumberOfTheScalarTwin) {
  Rng rng(1);
  for (std::size_t size = 0; size <= 400; size += size < 140 ? 1 : 13) {
    std::vector<float> a(size), b(size);
    std::vector<std::uint16_t> halves(size);
    std::vector<std::int8_t> x(size), y(size);
    for (std::size_t i = 0; i < size; ++i) {
      a[i] = static_cast<float>(rng.between(-1000, 1000)) / 777.0f;
      b[i] = static_cast<float>(rng.between(-1000, 1000)) / 333.0f;
      halves[i] = to_half(b[i]);
      x[i] = static_cast<std::int8_t>(rng.between(-128, 127));
      y[i] = static_cast<std::int8_t>(rng.chance(0.2) ? -128 : rng.between(-128, 127));
    }
    const VectorKernels& twin = scalar_vector_kernels();
    for (const VectorKernels* kernels : supported_vector_kernels()) {
      EXPECT_EQ(kernels->dot_i8(x.data(), y.data(), size), twin.dot_i8(x.data(), y.data(), size))
          << kernels->name << " " << size;
      EXPECT_EQ(kernels->dot_f32(a.data(), b.data(), size), twin.dot_f32(a.data(), b.data(), size))
          << kernels->name << " " << size;
      EXPECT_EQ(kernels->dot_f16(a.data(), halves.data(), size), twin.dot_f16(a.data(), halves.data(), size))
          << kernels->name << " " << size;
    }
  }
}

TEST(VectorKernels, DotsAreWhatTheyShouldBe) {
  const std::vector<float> a = {1, 2, 3};
  const std::vector<float> b = {4, -5, 0.5f};
  const std::vector<std::uint16_t> halves = {to_half(4), to_half(-5), to_half(0.5f)};
  const std::vector<std::int8_t> x = {-128, 127, 3};
  for (const VectorKernels* kernels : supported_vector_kernels()) {
    EXPECT_EQ(kernels->dot_f32(a.data(), b.data(), 3), -4.5f);
    EXPECT_EQ(kernels->dot_f16(a.data(), halves.data(), 3), -4.5f);
    EXPECT_EQ(kernels->dot_i8(x.data(), x.data(), 3), 128 * 128 + 127 * 127 + 9);
    EXPECT_EQ(kernels->dot_i8(x.data(), x.data(), 0), 0);
  }
}

TEST(VectorKernels, EveryHalfSurvivesTheRoundTrip) {
  for (std::uint32_t half = 0; half < 0x10000; ++half) {
    const float value = from_half(static_cast<std::uint16_t>(half));
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(from_half(to_half(value))));
    } else {
      EXPECT_EQ(to_half(value), half);
    }
  }
}

TEST(VectorKernels, HalvesRoundToTheNearest) {
  const auto check = [](float value, float expected) { EXPECT_EQ(from_half(to_half(value)), expected) << value; };
  check(1.0f + 0x1p-11f, 1.0f);                // a tie, to even
  check(1.0f + 3 * 0x1p-11f, 1.0f + 0x1p-9f);  // a tie, to even
  check(1.0f + 0x1.2p-11f, 1.0f + 0x1p-10f);
  check(65504, 65504);
  check(65519, 65504);
  check(65520, std::numeric_limits<float>::infinity());
  check(0x1p-24f, 0x1p-24f);
  check(0x1p-26f, 0);
  check(0x1p-14f - 0x1p-26f, 0x1p-14f);
  check(-0x1.8p-25f, -0x1p-24f);
  check(0, 0);
}

TEST(VectorKernels, QuantisedIsNearWhatItWas) {
  const std::vector<float> v = {0.5f, -1.0f, 0.004f, 0};
  std::vector<std::int8_t> codes(4);
  const float scale = quantise_i8(v, codes.data());
  EXPECT_EQ(codes[1], -127);
  for (std::size_t i = 0; i < v.size(); ++i) EXPECT_NEAR(scale * static_cast<float>(codes[i]), v[i], scale / 2);
}

TEST(VectorKernels, NothingAndNearlyNothingAreQuantisedToZero) {
  for (const float value : {0.0f, std::numeric_limits<float>::denorm_min()}) {
    const std::vector<float> v(3, value);
    std::vector<std::int8_t> codes(3, 1);
    EXPECT_EQ(quantise_i8(v, codes.data()), 0);
    EXPECT_EQ(codes, std::vector<std::int8_t>(3, 0));
  }
}

}  // namespace
}  // namespace handsel

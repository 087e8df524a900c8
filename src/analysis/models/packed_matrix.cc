#include "analysis/models/packed_matrix.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "analysis/models/elementwise.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace handsel::models {
namespace {

constexpr std::size_t kWidth = 16;        // outputs in a panel
constexpr std::size_t kBlockRows = 96;    // a block of 1,536 floats a row fills half a MiB
constexpr std::size_t kTileRowsMax = 14;  // of any instruction set
constexpr std::align_val_t kAlignment{64};

// A few rows by one panel. `out` gets all kWidth outputs.
struct Tile {
  const float* in = nullptr;
  std::size_t in_stride = 0;
  const float* panel = nullptr;
  std::size_t inputs = 0;
  const float* bias = nullptr;  // kWidth of them
  float* out = nullptr;
  std::size_t out_stride = 0;
};

using TileFunction = void (*)(const Tile&);

template <int kRows>
void tile_plain(const Tile& tile) {
  for (int row = 0; row < kRows; ++row) {
    std::array<float, kWidth> sums;
    std::copy_n(tile.bias, kWidth, sums.begin());
    const float* in = tile.in + static_cast<std::size_t>(row) * tile.in_stride;
    for (std::size_t k = 0; k < tile.inputs; ++k) {
      for (std::size_t j = 0; j < kWidth; ++j) sums[j] += in[k] * tile.panel[k * kWidth + j];
    }
    std::copy_n(sums.begin(), kWidth, tile.out + static_cast<std::size_t>(row) * tile.out_stride);
  }
}

// By the number of rows, from 1. More rows than fit the registers would be spilled.
constexpr std::array<TileFunction, 1> kPlainTiles = {tile_plain<1>};

#if defined(__x86_64__)

template <int kRows>
__attribute__((target("avx2,fma"))) void tile_avx2(const Tile& tile) {
  __m256 low[kRows];
  __m256 high[kRows];
#pragma GCC unroll 8
  for (int row = 0; row < kRows; ++row) {
    low[row] = _mm256_loadu_ps(tile.bias);
    high[row] = _mm256_loadu_ps(tile.bias + 8);
  }
  const float* panel = tile.panel;
  for (std::size_t k = 0; k < tile.inputs; ++k, panel += kWidth) {
    const __m256 weights_low = _mm256_load_ps(panel);
    const __m256 weights_high = _mm256_load_ps(panel + 8);
#pragma GCC unroll 8
    for (int row = 0; row < kRows; ++row) {
      const __m256 in = _mm256_broadcast_ss(tile.in + static_cast<std::size_t>(row) * tile.in_stride + k);
      low[row] = _mm256_fmadd_ps(in, weights_low, low[row]);
      high[row] = _mm256_fmadd_ps(in, weights_high, high[row]);
    }
  }
#pragma GCC unroll 8
  for (int row = 0; row < kRows; ++row) {
    float* out = tile.out + static_cast<std::size_t>(row) * tile.out_stride;
    _mm256_storeu_ps(out, low[row]);
    _mm256_storeu_ps(out + 8, high[row]);
  }
}

template <int kRows>
__attribute__((target("avx512f"))) void tile_avx512(const Tile& tile) {
  __m512 sums[kRows];
#pragma GCC unroll 16
  for (int row = 0; row < kRows; ++row) sums[row] = _mm512_loadu_ps(tile.bias);
  const float* panel = tile.panel;
  for (std::size_t k = 0; k < tile.inputs; ++k, panel += kWidth) {
    const __m512 weights = _mm512_load_ps(panel);
#pragma GCC unroll 16
    for (int row = 0; row < kRows; ++row) {
      const __m512 in = _mm512_set1_ps(tile.in[static_cast<std::size_t>(row) * tile.in_stride + k]);
      sums[row] = _mm512_fmadd_ps(in, weights, sums[row]);
    }
  }
#pragma GCC unroll 16
  for (int row = 0; row < kRows; ++row) {
    _mm512_storeu_ps(tile.out + static_cast<std::size_t>(row) * tile.out_stride, sums[row]);
  }
}

constexpr std::array<TileFunction, 6> kAvx2Tiles = {tile_avx2<1>, tile_avx2<2>, tile_avx2<3>,
                                                    tile_avx2<4>, tile_avx2<5>, tile_avx2<6>};
constexpr std::array<TileFunction, kTileRowsMax> kAvx512Tiles = {
    tile_avx512<1>,  tile_avx512<2>,  tile_avx512<3>,  tile_avx512<4>, tile_avx512<5>,
    tile_avx512<6>,  tile_avx512<7>,  tile_avx512<8>,  tile_avx512<9>, tile_avx512<10>,
    tile_avx512<11>, tile_avx512<12>, tile_avx512<13>, tile_avx512<14>};

std::span<const TileFunction> tiles_of(Instructions instructions) {
  if (instructions == Instructions::kAvx512) return kAvx512Tiles;
  if (instructions == Instructions::kAvx2) return kAvx2Tiles;
  return kPlainTiles;
}

#elif defined(__aarch64__)

template <int kRows>
void tile_neon(const Tile& tile) {
  constexpr std::size_t kParts = kWidth / 4;
  float32x4_t sums[kRows][kParts];
#pragma GCC unroll 8
  for (int row = 0; row < kRows; ++row) {
    for (std::size_t part = 0; part < kParts; ++part) sums[row][part] = vld1q_f32(tile.bias + 4 * part);
  }
  const float* panel = tile.panel;
  for (std::size_t k = 0; k < tile.inputs; ++k, panel += kWidth) {
#pragma GCC unroll 8
    for (int row = 0; row < kRows; ++row) {
      const float in = tile.in[static_cast<std::size_t>(row) * tile.in_stride + k];
      for (std::size_t part = 0; part < kParts; ++part) {
        sums[row][part] = vfmaq_n_f32(sums[row][part], vld1q_f32(panel + 4 * part), in);
      }
    }
  }
#pragma GCC unroll 8
  for (int row = 0; row < kRows; ++row) {
    float* out = tile.out + static_cast<std::size_t>(row) * tile.out_stride;
    for (std::size_t part = 0; part < kParts; ++part) vst1q_f32(out + 4 * part, sums[row][part]);
  }
}

constexpr std::array<TileFunction, 5> kNeonTiles = {tile_neon<1>, tile_neon<2>, tile_neon<3>, tile_neon<4>,
                                                    tile_neon<5>};

std::span<const TileFunction> tiles_of(Instructions instructions) {
  if (instructions == Instructions::kNeon) return kNeonTiles;
  return kPlainTiles;
}

#else

std::span<const TileFunction> tiles_of(Instructions) {
  return kPlainTiles;
}

#endif

// Rows of one tile when `rows` are left: as even as can be, so that no tile of one row
// follows many of six.
std::size_t tile_rows(std::size_t rows, std::size_t rows_max) {
  const std::size_t tiles = (rows + rows_max - 1) / rows_max;
  return (rows + tiles - 1) / tiles;
}

struct Panel {
  const float* weights = nullptr;
  std::array<float, kWidth> bias{};
  std::size_t outputs = 0;  // of kWidth
};

void multiply_panel(const Panel& panel, ConstRows in, std::size_t inputs, Rows out,
                    std::span<const TileFunction> tiles) {
  std::array<float, kWidth * kTileRowsMax> narrow;  // where the last panel is not full
  const bool whole = panel.outputs == kWidth;
  for (std::size_t row = 0; row < in.count;) {
    const std::size_t rows = tile_rows(in.count - row, tiles.size());
    float* const target = out.data + row * out.stride;
    tiles[rows - 1]({.in = in.data + row * in.stride,
                     .in_stride = in.stride,
                     .panel = panel.weights,
                     .inputs = inputs,
                     .bias = panel.bias.data(),
                     .out = whole ? target : narrow.data(),
                     .out_stride = whole ? out.stride : kWidth});
    for (std::size_t i = 0; i < rows && !whole; ++i) {
      std::copy_n(narrow.data() + i * kWidth, panel.outputs, target + i * out.stride);
    }
    row += rows;
  }
}

}  // namespace

void PackedMatrix::Free::operator()(float* memory) const {
  ::operator delete[](memory, kAlignment);
}

void PackedMatrix::reset(MatrixShape shape) {
  shape_ = shape;
  const std::size_t size = (shape.outputs + kWidth - 1) / kWidth * kWidth * shape.inputs;
  if (size > capacity_) {
    panels_.reset(static_cast<float*>(::operator new[](size * sizeof(float), kAlignment)));
    capacity_ = size;
  }
  std::fill_n(panels_.get(), size, 0.0f);
}

void PackedMatrix::set_outputs(std::size_t first, ConstRows weights) {
  for (std::size_t i = 0; i < weights.count; ++i) {
    const std::size_t output = first + i;
    float* panel = panels_.get() + output / kWidth * shape_.inputs * kWidth + output % kWidth;
    const float* row = weights.data + i * weights.stride;
    for (std::size_t k = 0; k < shape_.inputs; ++k) panel[k * kWidth] = row[k];
  }
}

void PackedMatrix::set_inputs(ConstRows weights) {
  for (std::size_t first = 0; first < shape_.outputs; first += kWidth) {
    float* panel = panels_.get() + first * shape_.inputs;
    const std::size_t width = std::min(kWidth, shape_.outputs - first);
    for (std::size_t k = 0; k < weights.count; ++k) {
      std::copy_n(weights.data + k * weights.stride + first, width, panel + k * kWidth);
    }
  }
}

void PackedMatrix::multiply(ConstRows in, std::span<const float> bias, Activation activation, Rows out,
                            Instructions instructions) const {
  const std::span<const TileFunction> tiles = tiles_of(instructions);
  for (std::size_t block = 0; block < in.count; block += kBlockRows) {
    const ConstRows rows{in.data + block * in.stride, std::min(kBlockRows, in.count - block), in.stride};
    const Rows target{out.data + block * out.stride, out.stride};
    for (std::size_t first = 0; first < shape_.outputs; first += kWidth) {
      Panel panel{.weights = panels_.get() + first * shape_.inputs,
                  .outputs = std::min(kWidth, shape_.outputs - first)};
      if (!bias.empty()) std::copy_n(bias.data() + first, panel.outputs, panel.bias.begin());
      multiply_panel(panel, rows, shape_.inputs, {target.data + first, target.stride}, tiles);
    }
    for (std::size_t i = 0; i < rows.count && activation != Activation::kNone; ++i) {
      activate({target.data + i * target.stride, shape_.outputs}, activation, instructions);
    }
  }
}

}  // namespace handsel::models

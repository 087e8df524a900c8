// What a transformer does to single numbers and rows between its multiplications.
//
// The vector forms of exp and erf are within 1e-6 of the library's (absolute for erf,
// relative for exp); the plain form is the library's. Any thread; time in proportion
// to the row.
#pragma once

#include <span>

#include "analysis/models/instructions.h"
#include "analysis/models/packed_matrix.h"

namespace handsel::models {

void activate(std::span<float> row, Activation activation, Instructions instructions);

// row = softmax(scale * row). A row of at least one number.
void softmax(std::span<float> row, float scale, Instructions instructions);

// Ba et al. 2016, arXiv:1607.06450.
struct LayerNorm {
  std::span<const float> gain;
  std::span<const float> shift;
  float epsilon = 1e-12f;
};

// row = norm(row + added); `added` is empty or as long as the row.
void normalise_layer(std::span<float> row, std::span<const float> added, const LayerNorm& norm);

// To length 1. A row whose length is zero or no number becomes all zero.
void normalise_length(std::span<float> row);

}  // namespace handsel::models

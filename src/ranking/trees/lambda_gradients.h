// LambdaMART's gradients: for each pair of rows of a group with different gains, how much
// NDCG would change if the two changed places, spread over the slope of a logistic loss of
// their scores' difference (Burges 2010, "From RankNet to LambdaRank to LambdaMART").
//
//   d_ij    = |gain_i - gain_j| * |discount_i - discount_j| / ideal DCG * weight_i * weight_j
//   rho     = 1 / (1 + exp(sigma (s_i - s_j)))                for gain_i > gain_j
//   lambda  = -sigma * rho * d_ij          added to i, taken from j
//   hessian =  sigma^2 * rho (1 - rho) * d_ij                 added to both
//
// With `normalise`, as LightGBM's lambdarank_norm does, d_ij is divided by 0.01 + |s_i - s_j|,
// and a group's sum S of |lambda| is brought to log2(1 + S): queries with many pairs do not
// drown the others. Only pairs whose better-placed row is among the first `truncation` count,
// and the ideal is that of the first `truncation`.
//
// Pure; any thread. O(truncation x rows) a group.
#pragma once

#include <cstddef>
#include <span>

#include "ranking/trees/ranking_rows.h"

namespace handsel::trees {

struct LambdaOptions {
  double sigma = 1;
  std::size_t truncation = 30;
  bool normalise = true;
};

// Of all rows; `gradients` and `hessians` are overwritten.
void lambda_gradients(const RankingRows& rows, std::span<const float> scores, const LambdaOptions& options,
                      std::span<float> gradients, std::span<float> hessians);

}  // namespace handsel::trees

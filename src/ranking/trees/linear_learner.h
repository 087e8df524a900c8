// A weight a feature, learned from groups of rows: what little data can carry.
//
// The same gradients as the trees' (lambda_gradients.h, not normalised), over columns brought
// to mean 0 and variance 1, with a quadratic penalty on the distance from a starting score
// ('what was known before'); full-batch Adam (Kingma & Ba 2015) with a step that falls to 0.
// A missing value counts as the column's mean.
//
// Deterministic; one thread; `steps` passes over the rows, each costing rows x columns and
// the pairs of lambda_gradients().
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "base/core/result.h"
#include "ranking/trees/lambda_gradients.h"
#include "ranking/trees/ranking_rows.h"
#include "ranking/trees/tree_ensemble.h"

namespace handsel::trees {

struct LinearOptions {
  std::size_t steps = 300;
  double step_size = 0.05;  // of a weight of a column of variance 1
  double l2 = 0.02;         // beside a mean loss a group of about 1
  std::vector<LinearTerm> start;
  std::vector<std::string> increasing;  // features whose weight is not below 0
};

// kInvalidArgument for rows that check() refuses, or without groups.
Result<TreeEnsemble> train_linear(const RankingRows& rows, const LinearOptions& options,
                                  const std::stop_token& stop = {});

}  // namespace handsel::trees

// XGBoost's C interface in our words: owners, Results, spans. The only user of it.
//
// One thread at a time per object; XGBoost uses its own threads inside.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/core/result.h"
#include "ranking/trees/ranking_rows.h"

namespace handsel::trees::internal {

using Settings = std::map<std::string, std::string>;

// Rows as XGBoost keeps them: values cut into bins.
class Matrix {
 public:
  static Result<Matrix> create(const RankingRows& rows, int threads);
  // What the trees' output is added to, a row each.
  Result<void> set_margins(std::span<const float> margins);
  // Gains as labels, the groups, and a weight a group: for XGBoost's own ranking objectives.
  // They take only whole grades below 32.
  Result<void> set_grades(const RankingRows& rows);

  void* handle() const { return handle_.get(); }
  std::size_t rows() const { return rows_; }

 private:
  struct Close {
    void operator()(void* handle) const;
  };
  std::unique_ptr<void, Close> handle_;
  std::size_t rows_ = 0;
};

class Booster {
 public:
  // Borrows the matrices: what is predicted for them is kept between rounds.
  static Result<Booster> create(std::span<const Matrix* const> matrices, const Settings& settings);

  // One more tree, from gradients of our own, or by the objective in the settings.
  Result<void> boost(const Matrix& train, std::span<float> gradients, std::span<float> hessians);
  Result<void> update(const Matrix& train, int round);
  // Margins and trees, without any transformation.
  Result<void> predict(const Matrix& matrix, std::vector<float>& out) const;
  // Row-major values without a matrix, by XGBoost's in-place prediction; for comparison.
  Result<void> predict_in_place(std::span<const float> values, std::size_t columns, std::vector<float>& out) const;
  // The model as UBJSON.
  Result<std::string> save() const;

 private:
  struct Close {
    void operator()(void* handle) const;
  };
  std::unique_ptr<void, Close> handle_;
};

// "1.7.4"
std::string xgboost_version();

}  // namespace handsel::trees::internal

// A small dense matrix of doubles, row by row: covariances and gradients of a few dozen
// parameters. Not for data; those stay in columns. Values, any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace handsel {

class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t columns) : rows_(rows), columns_(columns), values_(rows * columns, 0.0) {}

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  double& operator()(std::size_t row, std::size_t column) { return values_[row * columns_ + column]; }
  double operator()(std::size_t row, std::size_t column) const { return values_[row * columns_ + column]; }

 private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::vector<double> values_;
};

// a' C b, the covariance of two linear combinations. Sizes must agree.
double bilinear(std::span<const double> a, const Matrix& c, std::span<const double> b);

// The solution of the symmetric positive definite system `a` x = b by Cholesky's method; empty where
// `a` is not (numerically) positive definite. Cost: n^3 / 6.
std::vector<double> solve_positive_definite(const Matrix& a, std::span<const double> b);

}  // namespace handsel

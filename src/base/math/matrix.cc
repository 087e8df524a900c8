#include "base/math/matrix.h"

#include <cmath>

namespace handsel {
namespace {

// Relative to its own variance, what a variable may keep once the others are taken out.
constexpr double kPivotMin = 1e-12;

}  // namespace

double bilinear(std::span<const double> a, const Matrix& c, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == 0) continue;
    for (std::size_t j = 0; j < b.size(); ++j) sum += a[i] * c(i, j) * b[j];
  }
  return sum;
}

std::vector<double> solve_positive_definite(const Matrix& a, std::span<const double> b) {
  const std::size_t n = a.rows();
  Matrix factor(n, n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a(i, j);
      for (std::size_t k = 0; k < j; ++k) sum -= factor(i, k) * factor(j, k);
      if (i != j) {
        factor(i, j) = sum / factor(j, j);
      } else if (sum > kPivotMin * a(i, i)) {
        factor(i, i) = std::sqrt(sum);
      } else {
        return {};
      }
    }
  }
  std::vector<double> x(b.begin(), b.end());
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) x[i] -= factor(i, k) * x[k];
    x[i] /= factor(i, i);
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) x[i] -= factor(k, i) * x[k];
    x[i] /= factor(i, i);
  }
  return x;
}

}  // namespace handsel

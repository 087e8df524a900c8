// Ordinary least squares with errors that hold when residuals are unequal, follow each other in
// time, or come in clusters.
//
// An estimate is b = (X'X)^-1 X'y, found by Householder's QR (Golub & Van Loan 2013, "Matrix
// Computations", 5.3.2), which loses half the digits that the normal equations would. Its influence
// function (X'X)^-1 x_i u_i says how much unit i moved it; every covariance here is a sum of products
// of influences, so estimates of several equations can be stacked, and their covariance includes the
// terms across the equations:
//   independent units   V = sum_i psi_i psi_i'                        (White 1980, "HC0")
//   series of `lags`    V = sum_l (1 - l/(L+1)) (G_l + G_l')          (Newey & West 1987)
//   clusters            V = G/(G-1) sum_g (sum_i psi)(sum_i psi)'     (Liang & Zeger 1986)
//
// Units: those of the outcome per unit of the column. Pure functions, any thread. Cost: 2 n k^2 and one
// copy of the columns; influences take n * parameters doubles.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/core/result.h"
#include "base/math/matrix.h"

namespace handsel::estimators {

inline constexpr std::size_t kRegressorsMax = 200;

struct Column {
  std::string name;
  std::span<const double> values;
};

struct Fit {
  std::vector<double> coefficients;
  Matrix inverse_gram;  // (X'X)^-1
  std::vector<double> residuals;
  double residual_squares = 0;
  double total_squares = 0;  // of the outcome about its mean
  std::size_t units = 0;

  // Of the residuals, with n - k below; the classical error of coefficient j is
  // sqrt(variance() * inverse_gram(j, j)).
  double variance() const;
  double r_squared() const { return total_squares > 0 ? 1 - residual_squares / total_squares : 0; }
};

// No intercept is added: give a column of ones. kInvalidData: fewer units than columns, a value that is
// not finite, a column that the others explain (it is named), lengths that differ.
Result<Fit> least_squares(std::span<const Column> columns, std::span<const double> outcome);

// How residuals are scaled for few units: by 1, by n/(n-k), by leverage h as u^2/(1-h) or u^2/(1-h)^2
// (MacKinnon & White 1985).
enum class Scale : std::uint8_t { kHc0, kHc1, kHc2, kHc3 };

// Rows are units, columns parameters.
class Influence {
 public:
  Influence(std::size_t units, std::size_t parameters)
      : units_(units), parameters_(parameters), values_(units * parameters, 0.0) {}

  std::size_t units() const { return units_; }
  std::size_t parameters() const { return parameters_; }
  double& operator()(std::size_t unit, std::size_t parameter) { return values_[unit * parameters_ + parameter]; }
  std::span<const double> of(std::size_t unit) const {
    return std::span(values_).subspan(unit * parameters_, parameters_);
  }

  // That of a fit, into parameters first, first + 1, ...
  void set_fit(std::size_t first, const Fit& fit, std::span<const Column> columns, Scale scale);
  // That of the mean of `values`.
  void set_mean(std::size_t first, std::span<const double> values, double mean);

 private:
  std::size_t units_;
  std::size_t parameters_;
  std::vector<double> values_;
};

// How units depend on each other.
struct Dependence {
  enum class Kind : std::uint8_t { kNone, kSeries, kClusters };
  Kind kind = Kind::kNone;
  std::size_t lags = 0;                     // kSeries: units are in order of time
  std::span<const std::uint32_t> clusters;  // kClusters: one number per unit, dense from 0
};

// kInvalidArgument: more lags than units, or a single cluster.
Result<Matrix> covariance(const Influence& influence, const Dependence& dependence);

}  // namespace handsel::estimators

#include "proof/estimators/least_squares.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/math/statistics.h"

namespace handsel::estimators {
namespace {

// A column whose part that the columns before it do not explain is shorter than this share of its
// length is taken for explained: what is left is rounding.
constexpr double kIndependentShareMin = 1e-9;

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

double as_double(std::size_t count) {
  return static_cast<double>(count);
}

// X = QR in place: column j holds R above the diagonal, and the Householder vector below.
struct Qr {
  std::size_t units;
  std::vector<std::vector<double>> columns;
  std::vector<double> diagonal;
};

// Subtracts from `target` twice its projection on the vector in column j.
void reflect(const Qr& qr, std::size_t j, std::span<double> target) {
  const auto direction = std::span(qr.columns[j]).subspan(j);
  const double squares = dot(direction, direction);
  if (squares == 0) return;
  const auto rest = target.subspan(j);
  const double factor = 2 * dot(direction, rest) / squares;
  for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= factor * direction[i];
}

Result<Qr> factorise(std::span<const Column> columns, std::size_t units) {
  Qr qr{.units = units};
  for (std::size_t j = 0; j < columns.size(); ++j) {
    qr.columns.emplace_back(columns[j].values.begin(), columns[j].values.end());
    std::vector<double>& column = qr.columns.back();
    const double length = std::sqrt(dot(column, column));
    for (std::size_t k = 0; k < j; ++k) reflect(qr, k, column);
    const auto rest = std::span(column).subspan(j);
    const double left = std::sqrt(dot(rest, rest));
    if (!(left > kIndependentShareMin * length)) {
      return fail(Code::kInvalidData, "column '{}' is constant or explained by the columns before it", columns[j].name);
    }
    const double diagonal = rest[0] > 0 ? -left : left;
    rest[0] -= diagonal;
    qr.diagonal.push_back(diagonal);
  }
  return qr;
}

// R x = b from the last row up.
std::vector<double> back_substitute(const Qr& qr, std::span<const double> b) {
  const std::size_t k = qr.columns.size();
  std::vector<double> x(k);
  for (std::size_t i = k; i-- > 0;) {
    double sum = b[i];
    for (std::size_t j = i + 1; j < k; ++j) sum -= qr.columns[j][i] * x[j];
    x[i] = sum / qr.diagonal[i];
  }
  return x;
}

// (X'X)^-1 = R^-1 R^-T.
Matrix inverse_gram(const Qr& qr) {
  const std::size_t k = qr.columns.size();
  std::vector<std::vector<double>> inverse;  // by column
  for (std::size_t j = 0; j < k; ++j) {
    std::vector<double> unit(k, 0.0);
    unit[j] = 1;
    inverse.push_back(back_substitute(qr, unit));
  }
  Matrix out(k, k);
  for (std::size_t i = 0; i < k; ++i)
    for (std::size_t j = 0; j < k; ++j)
      for (std::size_t l = 0; l < k; ++l) out(i, j) += inverse[l][i] * inverse[l][j];
  return out;
}

Result<void> check(std::span<const Column> columns, std::span<const double> outcome) {
  if (columns.size() > kRegressorsMax) {
    return fail(Code::kTooLarge, "{} columns; a regression takes {}", columns.size(), kRegressorsMax);
  }
  if (outcome.size() <= columns.size()) {
    return fail(Code::kInvalidData, "{} units are too few for a regression on {} columns", outcome.size(),
                columns.size());
  }
  const auto finite = [](double value) { return std::isfinite(value); };
  if (!std::ranges::all_of(outcome, finite))
    return fail(Code::kInvalidData, "the outcome has a value that is not finite");
  for (const Column& column : columns) {
    if (column.values.size() != outcome.size()) {
      return fail(Code::kInvalidData, "column '{}' has {} values, the outcome {}", column.name, column.values.size(),
                  outcome.size());
    }
    if (!std::ranges::all_of(column.values, finite)) {
      return fail(Code::kInvalidData, "column '{}' has a value that is not finite", column.name);
    }
  }
  return {};
}

void add_product(Matrix& to, std::span<const double> a, std::span<const double> b, double weight) {
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < b.size(); ++j) to(i, j) += weight * a[i] * b[j];
}

Matrix series_covariance(const Influence& influence, std::size_t lags) {
  const std::size_t k = influence.parameters();
  Matrix out(k, k);
  for (std::size_t lag = 0; lag <= lags; ++lag) {
    const double weight = 1 - as_double(lag) / as_double(lags + 1);
    for (std::size_t i = lag; i < influence.units(); ++i) {
      add_product(out, influence.of(i), influence.of(i - lag), weight);
      if (lag > 0) add_product(out, influence.of(i - lag), influence.of(i), weight);
    }
  }
  return out;
}

Result<Matrix> cluster_covariance(const Influence& influence, std::span<const std::uint32_t> clusters) {
  if (clusters.size() != influence.units()) return fail(Code::kInvalidArgument, "every unit needs a cluster");
  const std::size_t k = influence.parameters();
  const std::size_t count = clusters.empty() ? 0 : std::size_t{*std::ranges::max_element(clusters)} + 1;
  if (count < 2) return fail(Code::kInvalidArgument, "errors by cluster need at least two clusters");
  std::vector<double> sums(count * k, 0.0);
  for (std::size_t i = 0; i < influence.units(); ++i) {
    const auto psi = influence.of(i);
    for (std::size_t j = 0; j < k; ++j) sums[clusters[i] * k + j] += psi[j];
  }
  Matrix out(k, k);
  const double factor = as_double(count) / as_double(count - 1);
  for (std::size_t g = 0; g < count; ++g) {
    const auto sum = std::span<const double>(sums).subspan(g * k, k);
    add_product(out, sum, sum, factor);
  }
  return out;
}

double scaled_residual(double residual, double leverage, double freedom_ratio, Scale scale) {
  switch (scale) {
    case Scale::kHc0:
      return residual;
    case Scale::kHc1:
      return residual * std::sqrt(freedom_ratio);
    case Scale::kHc2:
      return residual / std::sqrt(1 - leverage);
    case Scale::kHc3:
      return residual / (1 - leverage);
  }
  return residual;
}

}  // namespace

double Fit::variance() const {
  return residual_squares / as_double(units - coefficients.size());
}

Result<Fit> least_squares(std::span<const Column> columns, std::span<const double> outcome) {
  HANDSEL_TRY(check(columns, outcome));
  HANDSEL_ASSIGN(const Qr qr, factorise(columns, outcome.size()));
  std::vector<double> rotated(outcome.begin(), outcome.end());
  for (std::size_t j = 0; j < columns.size(); ++j) reflect(qr, j, rotated);
  Fit fit{.coefficients = back_substitute(qr, rotated), .inverse_gram = inverse_gram(qr), .units = outcome.size()};
  fit.residuals.assign(outcome.begin(), outcome.end());
  for (std::size_t j = 0; j < columns.size(); ++j)
    for (std::size_t i = 0; i < outcome.size(); ++i) fit.residuals[i] -= fit.coefficients[j] * columns[j].values[i];
  fit.residual_squares = dot(fit.residuals, fit.residuals);
  const double centre = mean(outcome);
  for (const double value : outcome) fit.total_squares += (value - centre) * (value - centre);
  return fit;
}

void Influence::set_fit(std::size_t first, const Fit& fit, std::span<const Column> columns, Scale scale) {
  const std::size_t k = columns.size();
  const double freedom_ratio = as_double(units_) / as_double(units_ - k);
  std::vector<double> direction(k);
  for (std::size_t i = 0; i < units_; ++i) {
    double leverage = 0;
    for (std::size_t a = 0; a < k; ++a) {
      direction[a] = 0;
      for (std::size_t b = 0; b < k; ++b) direction[a] += fit.inverse_gram(a, b) * columns[b].values[i];
      leverage += direction[a] * columns[a].values[i];
    }
    const double residual = scaled_residual(fit.residuals[i], std::min(leverage, 1 - 1e-12), freedom_ratio, scale);
    for (std::size_t a = 0; a < k; ++a) (*this)(i, first + a) = direction[a] * residual;
  }
}

void Influence::set_mean(std::size_t first, std::span<const double> values, double mean) {
  for (std::size_t i = 0; i < units_; ++i) (*this)(i, first) = (values[i] - mean) / as_double(units_);
}

Result<Matrix> covariance(const Influence& influence, const Dependence& dependence) {
  switch (dependence.kind) {
    case Dependence::Kind::kNone:
      return series_covariance(influence, 0);
    case Dependence::Kind::kSeries:
      if (dependence.lags >= influence.units()) {
        return fail(Code::kInvalidArgument, "{} lags need more than {} units", dependence.lags, influence.units());
      }
      return series_covariance(influence, dependence.lags);
    case Dependence::Kind::kClusters:
      return cluster_covariance(influence, dependence.clusters);
  }
  return fail(Code::kInvalidArgument, "unknown dependence");
}

}  // namespace handsel::estimators

#include "proof/mediation/sensitivity.h"

#include <cmath>

#include "proof/mediation/equations.h"

namespace handsel::mediation {
namespace {

constexpr int kGridSteps = 9;                // on either side of 0
constexpr double kExplainedMax = 1 - 1e-12;  // above it residuals are rounding

// What ACME(rho) is made of, in this order in gradients: m1, g, variance of u, variance of v.
struct Parts {
  double change;
  double slope;
  double variance_mediator;
  double variance_outcome;
};

double tilt(double rho) {
  return rho / std::sqrt(1 - rho * rho);
}

SensitivityPoint point_at(double rho, const Parts& parts, const Matrix& covariance, double reach) {
  const double ratio = std::sqrt(parts.variance_outcome / parts.variance_mediator);
  const double slope = parts.slope - tilt(rho) * ratio;
  const std::vector<double> gradient = {slope, parts.change,
                                        parts.change * tilt(rho) * ratio / (2 * parts.variance_mediator),
                                        -parts.change * tilt(rho) * ratio / (2 * parts.variance_outcome)};
  const double error = std::sqrt(std::max(0.0, bilinear(gradient, covariance, gradient)));
  const double indirect = parts.change * slope;
  return {rho, indirect, indirect - reach * error, indirect + reach * error};
}

std::vector<double> squares_of(std::span<const double> values) {
  std::vector<double> out;
  out.reserve(values.size());
  for (const double value : values) out.push_back(value * value);
  return out;
}

Result<Matrix> covariance_of_parts(const Input& input, const Options& options, const Equations& equations) {
  const std::size_t units = input.outcome.size();
  estimators::Influence all(units, equations.size());
  all.set_fit(0, equations.mediator, equations.mediator_columns, options.scale);
  all.set_fit(equations.outcome_first(), equations.outcome, equations.outcome_columns, options.scale);
  estimators::Influence parts(units, 4);
  const auto count = static_cast<double>(units);
  parts.set_mean(2, squares_of(equations.mediator.residuals), equations.mediator.residual_squares / count);
  parts.set_mean(3, squares_of(equations.outcome.residuals), equations.outcome.residual_squares / count);
  for (std::size_t i = 0; i < units; ++i) {
    parts(i, 0) = all(i, 1);
    parts(i, 1) = all(i, equations.outcome_first() + 2);
  }
  return estimators::covariance(parts, options.dependence);
}

double first_insignificant(const Sensitivity& result) {
  double nearest = 1;
  for (const SensitivityPoint& point : result.points) {
    if (point.low <= 0 && point.high >= 0 && std::fabs(point.rho) < std::fabs(nearest)) nearest = point.rho;
  }
  return nearest;
}

}  // namespace

Result<Sensitivity> sensitivity(const Input& input, const Options& options) {
  HANDSEL_ASSIGN(const Equations equations, fit_equations(input, false));
  const auto count = static_cast<double>(input.outcome.size());
  const Parts parts{.change = equations.mediator.coefficients[1],
                    .slope = equations.outcome.coefficients[2],
                    .variance_mediator = equations.mediator.residual_squares / count,
                    .variance_outcome = equations.outcome.residual_squares / count};
  if (equations.mediator.r_squared() > kExplainedMax || equations.outcome.r_squared() > kExplainedMax) {
    return fail(Code::kInvalidData, "nothing is left to vary: the equations explain everything");
  }
  HANDSEL_ASSIGN(const Matrix covariance, covariance_of_parts(input, options, equations));
  Sensitivity out;
  // Where g = tilt(rho) s_y / s_m.
  const double at_zero = parts.slope * std::sqrt(parts.variance_mediator / parts.variance_outcome);
  out.rho_at_zero = at_zero / std::sqrt(1 + at_zero * at_zero);
  out.residual_share_at_zero = out.rho_at_zero * out.rho_at_zero;
  out.total_share_at_zero =
      out.residual_share_at_zero * (1 - equations.mediator.r_squared()) * (1 - equations.outcome.r_squared());
  const double reach = normal_quantile(0.5 + options.confidence / 2);
  for (int step = -kGridSteps; step <= kGridSteps; ++step) {
    out.points.push_back(point_at(step / 10.0, parts, covariance, reach));
  }
  out.rho_first_insignificant = first_insignificant(out);
  return out;
}

}  // namespace handsel::mediation

#include "proof/mediation/moments.h"

#include <cmath>
#include <limits>

#include "base/core/result.h"
#include "proof/mediation/effect.h"

namespace handsel::mediation {
namespace {

constexpr std::size_t kOrder = 4;
// What is left of a variance that is all rounding.
constexpr double kVarianceShareMin = 1e-12;

// Moments (i, j) in the order of their sum i + j, then of j.
constexpr std::size_t index_of(std::size_t i, std::size_t j) {
  const std::size_t order = i + j;
  return order * (order + 1) / 2 + j;
}

double binomial(std::size_t n, std::size_t k) {
  double out = 1;
  for (std::size_t i = 0; i < k; ++i) out = out * static_cast<double>(n - i) / static_cast<double>(i + 1);
  return out;
}

// About the arm's own means, from the sums about the pilot (binomial theorem).
double central(const ArmMoments& arm, std::size_t i, std::size_t j) {
  const double shift_m = arm.sum(1, 0) / arm.units();
  const double shift_y = arm.sum(0, 1) / arm.units();
  double out = 0;
  for (std::size_t a = 0; a <= i; ++a)
    for (std::size_t b = 0; b <= j; ++b)
      out += binomial(i, a) * binomial(j, b) * std::pow(-shift_m, static_cast<double>(i - a)) *
             std::pow(-shift_y, static_cast<double>(j - b)) * arm.sum(a, b);
  return out;
}

// One arm's line and the covariance of (u, a, b).
struct Line {
  double mediator = 0;          // u
  double outcome = 0;           // mean
  double intercept = 0;         // a
  double slope = 0;             // b
  double outcome_variance = 0;  // of the mean
  std::array<std::array<double, 3>, 3> covariance{};
};

Result<Line> line_of(const ArmMoments& arm) {
  const double n = arm.units();
  if (!(n >= 3)) return fail(Code::kInvalidData, "an arm has {} units; three are the least", n);
  const double c20 = central(arm, 2, 0), c11 = central(arm, 1, 1), c02 = central(arm, 0, 2);
  const double c30 = central(arm, 3, 0), c21 = central(arm, 2, 1), c12 = central(arm, 1, 2);
  const double c40 = central(arm, 4, 0), c31 = central(arm, 3, 1), c22 = central(arm, 2, 2);
  if (!std::isfinite(c40 + c22 + c02)) return fail(Code::kInvalidData, "a value is not finite, or too large");
  if (!(c20 > kVarianceShareMin * arm.sum(2, 0))) return fail(Code::kInvalidData, "the mediator is constant in an arm");
  Line line;
  line.mediator = arm.pilot().mediator + arm.sum(1, 0) / n;
  line.outcome = arm.pilot().outcome + arm.sum(0, 1) / n;
  line.slope = c11 / c20;
  line.intercept = line.outcome - line.slope * line.mediator;
  line.outcome_variance = c02 / n / n;
  const double b = line.slope;
  const double vv = c02 - 2 * b * c11 + b * b * c20;    // residuals squared
  const double vvc = c12 - 2 * b * c21 + b * b * c30;   // times the centred mediator
  const double vvcc = c22 - 2 * b * c31 + b * b * c40;  // times its square
  const double vcc = c21 - b * c30;
  // Influences: u (M - u)/n; b v c / c20; a  v (1/n - u c / c20).
  const double u = line.mediator;
  const double var_u = c20 / n / n;
  const double var_b = vvcc / c20 / c20;
  const double var_a = vv / n / n - 2 * u * vvc / n / c20 + u * u * var_b;
  const double cov_ub = vcc / n / c20;
  const double cov_ua = -u * cov_ub;  // sum of v c is 0
  const double cov_ab = vvc / n / c20 - u * var_b;
  line.covariance = {{{var_u, cov_ua, cov_ub}, {cov_ua, var_a, cov_ab}, {cov_ub, cov_ab, var_b}}};
  return line;
}

using Gradient = std::array<double, 3>;  // by u, a, b

double variance_of(const Line& line, const Gradient& gradient) {
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) sum += gradient[i] * line.covariance[i][j] * gradient[j];
  return sum;
}

}  // namespace

double ArmMoments::sum(std::size_t i, std::size_t j) const {
  return sums_[index_of(i, j)];
}

void ArmMoments::add(std::span<const double> mediator, std::span<const double> outcome) {
  HANDSEL_CHECK(mediator.size() == outcome.size());
  // Two lanes: odd and even units.
  std::array<std::array<double, 2>, 15> lanes{};
  for (std::size_t unit = 0; unit < mediator.size(); ++unit) {
    const std::size_t lane = unit & 1;
    const double m = mediator[unit] - pilot_.mediator;
    const double y = outcome[unit] - pilot_.outcome;
    const double mm = m * m, my = m * y, yy = y * y;
    const std::array<double, 15> terms = {1,      m,      y,       mm,      my,      yy,      mm * m, mm * y,
                                          m * yy, yy * y, mm * mm, mm * my, mm * yy, my * yy, yy * yy};
    for (std::size_t k = 0; k < terms.size(); ++k) lanes[k][lane] += terms[k];
  }
  for (std::size_t k = 0; k < sums_.size(); ++k) sums_[k] += lanes[k][0] + lanes[k][1];
}

void ArmMoments::merge(const ArmMoments& other) {
  HANDSEL_CHECK(pilot_.mediator == other.pilot_.mediator && pilot_.outcome == other.pilot_.outcome);
  for (std::size_t k = 0; k < sums_.size(); ++k) sums_[k] += other.sums_[k];
}

Result<Mediation> mediate_moments(const ArmMoments& control, const ArmMoments& treated, double confidence) {
  static_assert(index_of(0, kOrder) == 14);
  HANDSEL_ASSIGN(const Line c, line_of(control));
  HANDSEL_ASSIGN(const Line t, line_of(treated));
  Mediation out{.units = static_cast<std::size_t>(control.units() + treated.units()),
                .treated = static_cast<std::size_t>(treated.units()),
                .control_mean = c.outcome,
                .mediator_control = c.mediator,
                .mediator_change = t.mediator - c.mediator};
  const auto effect = [&](double estimate, const Gradient& by_control, const Gradient& by_treated) {
    const double variance = variance_of(c, by_control) + variance_of(t, by_treated);
    return effect_from(estimate, std::sqrt(std::max(0.0, variance)), c.outcome, confidence);
  };
  const double slope_gap = t.slope - c.slope;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    const double at = arm == 0 ? c.mediator : t.mediator;
    const double moves_c = arm == 0 ? slope_gap : 0;
    const double moves_t = arm == 1 ? slope_gap : 0;
    out.direct[arm] =
        effect(t.intercept + t.slope * at - c.intercept - c.slope * at, {moves_c, -1, -at}, {moves_t, 1, at});
    const double slope = arm == 0 ? c.slope : t.slope;
    out.indirect[arm] = effect(out.mediator_change * slope, {-slope, 0, arm == 0 ? out.mediator_change : 0},
                               {slope, 0, arm == 1 ? out.mediator_change : 0});
  }
  out.mediator_change_p = effect(out.mediator_change, {-1, 0, 0}, {1, 0, 0}).p;
  out.total =
      effect(out.direct[0].estimate + out.indirect[1].estimate, {-c.slope, -1, -c.mediator}, {t.slope, 1, t.mediator});
  out.arm_difference =
      effect_from(t.outcome - c.outcome, std::sqrt(c.outcome_variance + t.outcome_variance), c.outcome, confidence);
  out.identity_gap =
      (out.direct[0].estimate + out.indirect[1].estimate) - (out.direct[1].estimate + out.indirect[0].estimate);
  const double indirect_mean = (out.indirect[0].estimate + out.indirect[1].estimate) / 2;
  out.share = out.total.estimate != 0 ? indirect_mean / out.total.estimate : std::numeric_limits<double>::quiet_NaN();
  return out;
}

}  // namespace handsel::mediation

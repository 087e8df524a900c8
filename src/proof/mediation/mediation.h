// Splits the effect of an experiment into the part that went through a measured mediator and the part
// that did not.
//
// The generalised effects of Yin & Hong 2019 ("The Identification and Estimation of Direct and Indirect
// Effects in A/B Tests through Causal Mediation Analysis", KDD) allow for mediators that nobody
// measured, before and behind the measured one. T is 0 or 1, M the mediator, Y the outcome, X covariates
// from before the experiment, which enter both equations linearly and control what M and Y have in common:
//   M = m0 + m1 T + a'X + u                Y = y0 + y1 T + y2 M + y3 M T + b'X + v
//   GADE(t)  = y1 + y3 (m0 + m1 t + a'E[X])      direct
//   GACME(t) = m1 (y2 + y3 t)                    indirect
//   ATE      = GADE(0) + GACME(1) = GADE(1) + GACME(0)
// The moments are as many as the parameters, so the GMM estimate is two least-squares fits. Errors come
// from the stacked influences of both fits and of the means of X (least_squares.h), by the delta method:
// z is estimate / error, compared with the normal distribution. Without X the sum is the difference of the
// arms' means.
//
// The classical effects (Baron & Kenny 1986; Imai, Keele & Yamamoto 2010, "Identification, Inference and
// Sensitivity Analysis for Causal Mediation Effects", Statistical Science 25) leave out the interaction:
// ACME = m1 y2, ADE = y1. They assume that there is no other mediator.
//
// What has to be assumed is in assumptions(), in plain words. Units: those of the outcome. Pure functions,
// any thread; the bootstrap draws from the seed. Cost: two fits of n * (4 + covariates), times the bootstrap.
// A US patent on the method was issued in 2021: docs/explanation/causal-mediation.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "base/math/statistics.h"
#include "proof/estimators/least_squares.h"

namespace handsel::mediation {

inline constexpr std::size_t kBootstrapMax = 100'000;

// An interval is not to be trusted where fewer units than these make up half of the effect's variance: the normal
// approximation needs that no few units decide. Measured on the demo, whose truth is known: with a handful, intervals
// of 95 % cover 90 %, with ten to forty 91 to 94 %; what they miss lies away from zero, for without the rare dear
// purchase both the estimate and its error are too small (docs/reference/measured.md, experiments).
inline constexpr std::size_t kHalfVarianceUnitsMin = 50;
inline constexpr std::size_t kHalfVarianceUnitsMax = 1'000;  // as far as is counted

// One unit per index; all of the same length.
struct Input {
  std::span<const double> treatment;  // 0 or 1
  std::span<const double> mediator;
  std::span<const double> outcome;
  std::vector<estimators::Column> covariates;
};

struct Options {
  bool interaction = true;  // false: y3 is 0, the classical effects
  estimators::Scale scale = estimators::Scale::kHc0;
  estimators::Dependence dependence;
  double confidence = 0.95;
  std::size_t resamples = 0;  // of the bootstrap; whole clusters where there are clusters
  std::uint64_t seed = 1;
};

struct Effect {
  double estimate = 0;
  double error = 0;
  double z = 0;
  double p = 1;  // two-sided
  double low = 0;
  double high = 0;
  // Estimate and bounds as percent of the control arm's mean outcome; not a number where that is 0.
  double percent = 0;
  double percent_low = 0;
  double percent_high = 0;
  std::optional<Interval> bootstrap;  // percentiles
  // The fewest units (or clusters) that make up half of the variance; kHalfVarianceUnitsMax where they are as many or
  // more. 0 where it is not known: series, and sums that were merged (moments.h).
  std::size_t half_variance_units = 0;
};

struct Mediation {
  std::size_t units = 0;
  std::size_t treated = 0;
  double control_mean = 0;      // of the outcome
  double mediator_control = 0;  // mean of the mediator
  double mediator_change = 0;   // m1
  double mediator_change_p = 1;
  std::array<Effect, 2> direct;    // GADE(0), GADE(1); without interaction both are ADE
  std::array<Effect, 2> indirect;  // GACME(0), GACME(1); ACME
  Effect total;                    // GADE(0) + GACME(1)
  Effect arm_difference;           // the outcome's regression on treatment alone
  double share = 0;                // indirect(0, 1 averaged) / total; not a number where total is 0
  double identity_gap = 0;         // GADE(0) + GACME(1) - GADE(1) - GACME(0)
  double sobel_error = 0;          // of ACME with equal variances (Sobel 1982); without interaction only
  // m0, m1, a..., y0, y1, y2, [y3], b..., E[X]..., mean of Y in control, difference of the arms
  std::vector<double> parameters;
  Matrix covariance;  // of the parameters
};

// kInvalidData: a treatment that is not 0 or 1, an arm with fewer than two units, a constant mediator, a
// covariate that is constant or explained by others, values that are not finite, lengths that differ.
Result<Mediation> mediate(const Input& input, const Options& options);

// Why the numbers may be wrong, one sentence each, for the people who read the report.
std::span<const std::string_view> assumptions(bool interaction);

}  // namespace handsel::mediation

// Whom does a treatment move most? Forecasts of the effect for each unit, and an honest answer to whether they are any
// good.
//
// Learners (Kuenzel, Sekhon, Bickel & Yu 2019, "Metalearners for estimating heterogeneous treatment effects", PNAS), on
// boosted trees m_0, m_1 of each arm's outcome:
//   T   tau(x) = m_1(x) - m_0(x)
//   X   trees of Y - m_0(x) in the treated arm and of m_1(x) - Y in control, joined by (1 - e) and e
// with e the share of treated units. A unit's forecast comes from the folds before its own; the first fold is for
// learning alone. In common cross-validation the folds judge each other: where there is no effect at all, they err
// together, and an interval of 95 % covered 0 in 80 % of simulations. In turn, the errors are a martingale, and the
// interval holds (Wager 2024, "Sequential validation of treatment heterogeneity", arXiv 2405.05534).
//
// Qini (Radcliffe 2007, "Using control groups to target on predicted lift"): order units by forecast, best first;
// Q(s) is what is gained per unit of the whole, if the first share s is treated. The coefficient is the area between
// Q(s) and the line s Q(1) of a random order; 0 for a forecast that knows nothing. A unit's gain is the
// doubly robust score
//   z = m_1(x) - m_0(x) + T (Y - m_1(x)) / e - (1 - T) (Y - m_0(x)) / (1 - e)
// whose mean is the effect whatever m is, because T is random (Robins, Rotnitzky & Zhao 1994). With r a unit's rank
// share the coefficient is the mean of z (1/2 - r), a rank-weighted average treatment effect (Yadlowsky, Fleming,
// Shah, Brunskill & Wager 2021, arXiv 2111.07966). Errors are from its influence, ranks included. Ranks are within
// folds: pooled, the folds' unlike means would order units by themselves, and data without any effect would seem to
// have a negative one. Intervals are for the order of these forecasts, not for every forecast that could be learned.
//
// Assumes: T assigned at random with one probability, units independent. Units: those of the outcome. Pure; randomness
// is the seed's (the folds). Any thread. Cost: (folds - 1) * (2 or 4) fits, see regression_trees.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/core/result.h"
#include "proof/estimators/regression_trees.h"

namespace handsel::estimators {

inline constexpr std::size_t kUpliftArmMin = 200;  // units; fewer have nothing to say about parts of themselves
inline constexpr std::size_t kQiniSteps = 20;
inline constexpr std::size_t kUpliftGroups = 5;

enum class UpliftLearner : std::uint8_t { kT, kX };

struct UpliftInput {
  std::span<const double> treatment;  // 0 or 1
  std::span<const double> outcome;
  std::vector<Column> features;  // from before the experiment; may hold what is not a number
};

struct UpliftOptions {
  UpliftLearner learner = UpliftLearner::kX;
  std::size_t folds = 5;
  std::uint64_t seed = 1;
  double confidence = 0.95;
  TreeOptions trees;
};

struct Estimate {
  double estimate = 0;
  double error = 0;
  double low = 0;
  double high = 0;
};

struct QiniPoint {
  double share = 0;  // of the units, best forecasts first
  Estimate gain;     // per unit of the whole
};

struct Qini {
  Estimate coefficient;
  double p = 1;                  // two-sided, normal
  Estimate effect;               // of treating everybody: the average effect
  std::vector<QiniPoint> curve;  // from 0 to 1 in kQiniSteps steps
};

// Of any scores, against gains that were not used to make them. `folds` numbers the fold of each unit; scores are
// compared within folds, equal ones share their rank. kInvalidData: unlike lengths, under two units, values that are
// not finite.
Result<Qini> qini_of(std::span<const double> scores, std::span<const double> gains,
                     std::span<const std::uint32_t> folds, double confidence);

// Units by forecast, from the least to the most: does what was forecast happen?
struct UpliftGroup {
  double forecast = 0;  // mean
  std::size_t units = 0;
  Estimate effect;
};

struct Uplift {
  std::size_t units = 0;
  std::size_t treated = 0;
  std::vector<std::uint32_t> judged;  // units of all folds but the first
  std::vector<double> forecasts;      // as `judged`
  std::vector<double> gains;          // z above
  Qini qini;
  std::vector<UpliftGroup> groups;         // kUpliftGroups of them
  std::vector<double> feature_importance;  // shares of the gain of all splits; sums to 1, or all 0
};

// kInvalidArgument: no or too many features, folds outside 2 to 20. kInvalidData: a treatment that is not 0 or 1,
// an outcome that is not finite, lengths that differ, an arm of under kUpliftArmMin units.
Result<Uplift> uplift_of(const UpliftInput& input, const UpliftOptions& options);

}  // namespace handsel::estimators

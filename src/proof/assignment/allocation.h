// Bandit allocation: who earns more gets more of the next period, and what each arm is worth can still be said.
//
// Thompson sampling in batches (Thompson 1933; Russo et al. 2018, "A Tutorial on Thompson Sampling"): within a period
// the shares of the arms are fixed; those of the next one are the probabilities that an arm is the best, given all
// so far. They are drawn from posteriors with priors that the caller states:
//   proportion   Beta(prior_successes, prior_failures); 1 and 1 is the uniform prior
//   mean         normal(prior_mean, prior_deviation); the arm's mean has variance s^2 / n, s^2 of the data
// Posteriors may sum over periods, because a share does not depend on the outcomes of its own period. Each arm keeps at
// least `floor`, so that nobody is given up for a bad start and every share below stays away from 0.
//
// Plain means of such data are biased: an arm that began badly is not asked again. The estimate here is unbiased
// whatever the shares were (Hadad, Hirshberg, Zhan, Wager & Athey 2021, "Confidence intervals for policy evaluation in
// adaptive experiments", PNAS): over all units of period t, with w the share and m the arm's mean in earlier periods
// (of the first, 0),
//   score = m + 1{arm} (Y - m) / w
// whose mean is the arm's value; errors from the scores' variance in each period, the normal distribution.
//
// Assumes: the outcome of a unit does not depend on the period's shares, and arms are worth in one period what they
// are worth in the next (else it is the average over the periods' units). Units: those of the outcome; shares sum to
// 1. Pure, any thread; the draws are the seed's. Cost: draws * arms.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/core/result.h"

namespace handsel::assignment {

inline constexpr std::size_t kPeriodsMax = 100'000;
inline constexpr std::size_t kDrawsMax = 10'000'000;

// What one arm did in one period.
struct PeriodArm {
  double share = 0;  // planned, of the period's units; 0: it was not in this period
  double units = 0;
  double mean = 0;
  double variance = 0;  // of the outcomes, divided by n
};
using Period = std::vector<PeriodArm>;  // arms in one order; the first is the control

enum class Outcome : std::uint8_t { kProportion, kMean };

struct AllocationOptions {
  Outcome outcome = Outcome::kProportion;
  double prior_successes = 1;
  double prior_failures = 1;
  double prior_mean = 0;
  double prior_deviation = 0;  // 0, for means: as wide as the outcomes themselves, about their mean over all arms
  double floor = 0.05;         // of each arm; at most 1 / arms
  double confidence = 0.95;
  std::size_t draws = 100'000;
  std::uint64_t seed = 1;
};

struct Worth {
  double estimate = 0;
  double error = 0;
  double low = 0;
  double high = 0;
};

struct ArmAllocation {
  double units = 0;
  double posterior_mean = 0;
  double posterior_deviation = 0;
  double best = 0;   // probability
  double share = 0;  // of the next period
  Worth worth;       // unbiased
  Worth gain;        // against the control; zeros for the control itself
};

struct Allocation {
  std::vector<ArmAllocation> arms;
  double prior_mean = 0;  // as used, for means
  double prior_deviation = 0;
};

// kInvalidArgument: priors, floor or draws outside their limits. kInvalidData: no periods or under two arms, shares
// that are not between 0 and 1 or do not sum to 1, units in an arm of share 0, an arm that was never in, numbers that
// are not finite, proportions outside 0 to 1.
Result<Allocation> allocate(std::span<const Period> periods, const AllocationOptions& options);

}  // namespace handsel::assignment

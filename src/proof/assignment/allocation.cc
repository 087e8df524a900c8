#include "proof/assignment/allocation.h"

#include <algorithm>
#include <cmath>

#include "base/core/rng.h"
#include "base/math/random_draws.h"
#include "base/math/statistics.h"
#include "proof/assignment/experiment.h"

namespace handsel::assignment {
namespace {

constexpr double kShareTolerance = 1e-6;

Result<void> check_options(const AllocationOptions& options, std::size_t arms) {
  if (!(options.prior_successes > 0) || !(options.prior_failures > 0) || !(options.prior_deviation >= 0) ||
      !std::isfinite(options.prior_mean)) {
    return fail(Code::kInvalidArgument, "a prior needs positive counts and a deviation that is not negative");
  }
  if (!(options.floor >= 0) || options.floor * static_cast<double>(arms) > 1) {
    return fail(Code::kInvalidArgument, "a floor of {} for each of {} arms", options.floor, arms);
  }
  if (options.draws == 0 || options.draws > kDrawsMax) {
    return fail(Code::kInvalidArgument, "{} draws; between 1 and {} are possible", options.draws, kDrawsMax);
  }
  return {};
}

Result<void> check_period(const Period& period, std::size_t number, std::size_t arms, Outcome outcome) {
  if (period.size() != arms)
    return fail(Code::kInvalidData, "period {} has {} arms, others {}", number, period.size(), arms);
  double sum = 0;
  for (const PeriodArm& arm : period) {
    if (!(arm.share >= 0 && arm.share <= 1) || !(arm.units >= 0) || !std::isfinite(arm.units) ||
        !std::isfinite(arm.mean) || !(arm.variance >= 0) || !std::isfinite(arm.variance)) {
      return fail(Code::kInvalidData, "period {}: share {}, {} units, mean {}, variance {}", number, arm.share,
                  arm.units, arm.mean, arm.variance);
    }
    if (arm.share == 0 && arm.units > 0) {
      return fail(Code::kInvalidData, "period {}: {} units in an arm with a share of 0", number, arm.units);
    }
    if (outcome == Outcome::kProportion && (arm.mean < 0 || arm.mean > 1)) {
      return fail(Code::kInvalidData, "period {}: a proportion of {}", number, arm.mean);
    }
    sum += arm.share;
  }
  if (std::fabs(sum - 1) > kShareTolerance) return fail(Code::kInvalidData, "period {}: shares sum to {}", number, sum);
  return {};
}

// All that an arm did, or all arms.
struct Total {
  double units = 0;
  double mean = 0;
  double squares = 0;  // about the mean

  void add(double more, double mean_more, double squares_more) {
    if (more <= 0) return;
    const double both = units + more;
    const double step = mean_more - mean;
    squares += squares_more + step * step * units * more / both;
    mean += step * more / both;
    units = both;
  }
};

struct Posterior {
  double first = 0;  // successes and failures, or mean and deviation
  double second = 0;
};

Posterior posterior_of(const Total& total, const AllocationOptions& options, const Allocation& prior) {
  if (options.outcome == Outcome::kProportion) {
    const double successes = total.units * total.mean;
    return {options.prior_successes + successes, options.prior_failures + total.units - successes};
  }
  const double prior_precision = 1 / (prior.prior_deviation * prior.prior_deviation);
  // Few or equal values know nothing of their own spread: the prior's stands in for it.
  const double variance = total.units > 1 && total.squares > 0 ? total.squares / (total.units - 1)
                                                               : prior.prior_deviation * prior.prior_deviation;
  const double precision = total.units / variance;
  return {(prior.prior_mean * prior_precision + total.mean * precision) / (prior_precision + precision),
          1 / std::sqrt(prior_precision + precision)};
}

void fill_posterior(const Posterior& p, Outcome outcome, ArmAllocation& arm) {
  if (outcome == Outcome::kMean) {
    arm.posterior_mean = p.first;
    arm.posterior_deviation = p.second;
    return;
  }
  const double sum = p.first + p.second;
  arm.posterior_mean = p.first / sum;
  arm.posterior_deviation = std::sqrt(p.first * p.second / (sum * sum * (sum + 1)));
}

void fill_shares(const std::vector<Posterior>& posteriors, const AllocationOptions& options, Allocation& out) {
  Rng rng(options.seed);
  std::vector<std::size_t> wins(posteriors.size(), 0);
  for (std::size_t draw = 0; draw < options.draws; ++draw) {
    std::size_t best = 0;
    double best_value = 0;
    for (std::size_t arm = 0; arm < posteriors.size(); ++arm) {
      const Posterior& p = posteriors[arm];
      const double value = options.outcome == Outcome::kProportion ? draw_beta(rng, p.first, p.second)
                                                                   : p.first + p.second * rng.normal();
      if (arm > 0 && value <= best_value) continue;
      best = arm;
      best_value = value;
    }
    ++wins[best];
  }
  const double left = 1 - options.floor * static_cast<double>(posteriors.size());
  for (std::size_t arm = 0; arm < posteriors.size(); ++arm) {
    out.arms[arm].best = static_cast<double>(wins[arm]) / static_cast<double>(options.draws);
    out.arms[arm].share = options.floor + left * out.arms[arm].best;
  }
}

// The scores of one period: their sum over all units, and for each arm the variance of that sum.
struct Scores {
  std::vector<double> sums;
  std::vector<double> variances;
  std::vector<double> covariances;  // with the control
};

// Adds one period. `before` is what was known when it began.
void add_period(const Period& period, const std::vector<Total>& before, Scores& scores) {
  double units = 0;
  for (const PeriodArm& arm : period) units += arm.units;
  if (units == 0) return;
  std::vector<double> shifts(period.size());
  for (std::size_t a = 0; a < period.size(); ++a) {
    const PeriodArm& arm = period[a];
    const double known = before[a].mean;
    const double step = arm.mean - known;
    const double share = arm.share;
    shifts[a] = share > 0 ? arm.units * step / (units * share) : 0;
    const double squares = share > 0 ? arm.units * (arm.variance + step * step) / (share * share * units) : 0;
    scores.sums[a] += units * (known + shifts[a]);
    scores.variances[a] += units * std::max(0.0, squares - shifts[a] * shifts[a]);
    // A unit is in one arm, so the product of two arms' steps is 0 and their covariance the product of the means.
    if (a > 0) scores.covariances[a] -= units * shifts[a] * shifts[0];
  }
}

Worth worth_of(double sum, double variance, double units, double confidence) {
  const double estimate = sum / units;
  const double error = std::sqrt(std::max(0.0, variance)) / units;
  const double reach = normal_quantile(0.5 + confidence / 2) * error;
  return {.estimate = estimate, .error = error, .low = estimate - reach, .high = estimate + reach};
}

}  // namespace

Result<Allocation> allocate(std::span<const Period> periods, const AllocationOptions& options) {
  if (periods.empty() || periods.size() > kPeriodsMax) {
    return fail(Code::kInvalidData, "{} periods; between 1 and {} are possible", periods.size(), kPeriodsMax);
  }
  const std::size_t arms = periods.front().size();
  if (arms < 2 || arms > kVariantsMax) {
    return fail(Code::kInvalidData, "{} arms; between 2 and {} are possible", arms, kVariantsMax);
  }
  HANDSEL_TRY(check_options(options, arms));
  std::vector<Total> totals(arms);
  Total all;
  Scores scores{std::vector<double>(arms), std::vector<double>(arms), std::vector<double>(arms)};
  for (std::size_t number = 0; number < periods.size(); ++number) {
    const Period& period = periods[number];
    HANDSEL_TRY(check_period(period, number, arms, options.outcome));
    add_period(period, totals, scores);
    for (std::size_t a = 0; a < arms; ++a) {
      totals[a].add(period[a].units, period[a].mean, period[a].units * period[a].variance);
      all.add(period[a].units, period[a].mean, period[a].units * period[a].variance);
    }
  }
  Allocation out{.arms = std::vector<ArmAllocation>(arms)};
  out.prior_mean = options.prior_deviation > 0 ? options.prior_mean : all.mean;
  out.prior_deviation = options.prior_deviation > 0 ? options.prior_deviation : std::sqrt(all.squares / all.units);
  if (options.outcome == Outcome::kMean && !(out.prior_deviation > 0)) {
    return fail(Code::kInvalidData, "all outcomes are equal, or there are none: nothing to choose by");
  }
  std::vector<Posterior> posteriors;
  for (std::size_t a = 0; a < arms; ++a) {
    if (totals[a].units == 0) return fail(Code::kInvalidData, "arm {} has no units", a);
    posteriors.push_back(posterior_of(totals[a], options, out));
    ArmAllocation& arm = out.arms[a];
    arm.units = totals[a].units;
    fill_posterior(posteriors[a], options.outcome, arm);
    arm.worth = worth_of(scores.sums[a], scores.variances[a], all.units, options.confidence);
    if (a == 0) continue;
    arm.gain =
        worth_of(scores.sums[a] - scores.sums[0], scores.variances[a] + scores.variances[0] - 2 * scores.covariances[a],
                 all.units, options.confidence);
  }
  fill_shares(posteriors, options, out);
  return out;
}

}  // namespace handsel::assignment

// Is the experiment itself sound? Checks that come before any effect is read.
// Pearson's chi-square tests; pure, any thread.
#pragma once

#include <cstdint>
#include <span>

#include "base/core/result.h"

namespace handsel::estimators {

// A check that fails by chance in one experiment of a thousand stops nobody for nothing, and finds what matters
// (Fabijan et al. 2019, "Diagnosing Sample Ratio Mismatch in Online Controlled Experiments", KDD).
inline constexpr double kAlarm = 0.001;

// p-value of units by arm against their expected shares (any positive weights).
// kInvalidArgument: fewer than two arms, weights that are not positive, or not as many as arms.
Result<double> sample_ratio_p(std::span<const std::uint64_t> units, std::span<const double> weights);

// p-value of 'the share of units with a value is the same in all arms'; 1 where all or none are missing.
double missing_p(std::span<const std::uint64_t> present, std::span<const std::uint64_t> missing);

}  // namespace handsel::estimators

// Looking at an experiment while it runs, without fooling oneself.
//
// Always valid: an interval that holds at every moment at once, so that anybody may look and stop at any time. The
// asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2021 (arXiv 2103.06476, Theorem 2.2)
//   estimate -+ error * sqrt(2 (n r + 1) / (n r) * log(sqrt(n r + 1) / alpha)),   r = rho^2,
// with n the units so far. Its test is the mixture sequential probability ratio test with a normal mixture of variance
// r times that of one unit (Robbins 1970; Johari, Pekelis & Walsh 2017, "Always Valid Inference"). r has to be fixed
// before: it is chosen so that the sequence is tightest at `planned` units. Asymptotic: not before kUnitsMin units.
//
// Group sequential: K looks planned before, each with a critical z, so that all together raise a false alarm with
// probability alpha. Alpha is spent by the functions of Lan & DeMets 1983; the boundaries come from the recursive
// integral of Armitage, McPherson & Rowe 1969. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/core/result.h"

namespace handsel::estimators {

inline constexpr double kUnitsMin = 100;
inline constexpr std::size_t kLooksMax = 100;

// The r that makes the sequence tightest at `planned` units.
double mixture_ratio(double planned, double alpha);
// How many errors the interval reaches either way after `units` units; infinite before kUnitsMin.
double always_valid_reach(double units, double mixture_ratio, double alpha);
// The always-valid p-value of this moment; the smallest of all moments so far is the p-value of the test.
double always_valid_p(double z, double units, double mixture_ratio);

enum class Spending : std::uint8_t {
  kObrienFleming,  // on each side 2 - 2 Phi(z_{alpha/4} / sqrt(t)): little at first
  kPocock,         // alpha log(1 + (e - 1) t): nearly even
};

// Critical values of |z| at looks with these shares of the planned information, growing, the last at most 1.
// Two-sided. kInvalidArgument where the shares do not grow or are not in (0, 1].
Result<std::vector<double>> group_boundaries(std::span<const double> information, double alpha, Spending spending);

}  // namespace handsel::estimators

// Experiments whose truth is known, for tests and for the measurement of coverage: the measured mediator M
// stands between two that nobody measures before it (one moves M, one the outcome) and one behind it.
//
//   U1 = .4 T + e1     U2 = -.3 T + e2     M = .3 - .5 T + .6 U1 + e3
//   D  = .2 + .25 T + .5 M + e4            Y = .5 + .2 T + .7 U2 + .4 M + .3 D + .15 T M + e5
// with independent errors of variance 1. Linear structural equations as in Yin & Hong 2019; nothing moves both M
// and Y within an arm but through M, which the method has to assume. Units: none. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "proof/mediation/mediation.h"

namespace handsel::mediation {

enum class Errors : std::uint8_t { kNormal, kSkewed };  // skewed: exponential, centred

struct Simulated {
  std::vector<double> treatment;  // 1 for a random half
  std::vector<double> mediator;
  std::vector<double> outcome;

  Input input() const { return {.treatment = treatment, .mediator = mediator, .outcome = outcome, .covariates = {}}; }
};

struct Truth {
  std::array<double, 2> direct;
  std::array<double, 2> indirect;
  double total;
};

Simulated simulate(std::size_t units, Errors errors, std::uint64_t seed);
Truth truth_of_simulation();

}  // namespace handsel::mediation

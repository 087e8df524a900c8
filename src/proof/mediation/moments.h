// Mediation from one pass over the units, without covariates.
//
// With the interaction, the two regressions of mediation.h are one line for each arm: with the arm's own intercept a_t,
// slope b_t and mean mediator u_t,  GADE(t) = a_1 + b_1 u_t - a_0 - b_0 u_t  and  GACME(t) = (u_1 - u_0) b_t. The arms
// share no unit, so their parameters are independent, and the sandwich covariance (HC0) of (u, a, b) within an arm
// needs the joint moments of mediator and outcome up to the fourth order, and nothing else. So an arm is fifteen
// numbers.
//
// Sums are about a fixed point near the means (`pilot`, the same for all that is to be merged); merging is addition.
// Merged in a fixed order the result is the same to the bit. mediate() is the twin. Not thread safe; a value.
#pragma once

#include <array>
#include <span>

#include "proof/mediation/mediation.h"

namespace handsel::mediation {

struct Pilot {
  double mediator = 0;
  double outcome = 0;
};

class ArmMoments {
 public:
  explicit ArmMoments(Pilot pilot) : pilot_(pilot) {}

  // Units of this arm that have both values.
  void add(std::span<const double> mediator, std::span<const double> outcome);
  void merge(const ArmMoments& other);

  double units() const { return sums_[0]; }
  // sum of (M - pilot)^i (Y - pilot)^j, i + j <= 4.
  double sum(std::size_t i, std::size_t j) const;
  Pilot pilot() const { return pilot_; }

 private:
  Pilot pilot_;
  std::array<double, 15> sums_{};
};

// The effects of mediate() with interaction, independent units and HC0; percents and the bootstrap's fields as there;
// `parameters` and `covariance` are left empty. kInvalidData: under three units in an arm, or a constant mediator.
Result<Mediation> mediate_moments(const ArmMoments& control, const ArmMoments& treated, double confidence);

}  // namespace handsel::mediation

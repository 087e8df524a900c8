// What a comparison needs of a metric, small enough to keep for every arm while a hundred million units stream by.
//
// Values y with what they were before, x: count, means, and sums of squares and products about the means. A block is
// summed about its own means (two passes over memory that is near), blocks are merged with the formulas of Chan, Golub
// & LeVeque 1983 ("Algorithms for computing the sample variance"), which lose no digits to large means. The result
// depends on the order of merging, so callers merge in a fixed one: then it is the same to the bit whatever thread did
// what. Not thread safe; a value. Cost: about ten operations a unit.
#pragma once

#include <span>

#include "base/core/result.h"
#include "proof/estimators/difference.h"

namespace handsel::estimators {

struct Moments {
  double units = 0;
  double mean_y = 0;
  double mean_x = 0;
  double yy = 0;  // sum of (y - mean_y)^2
  double xy = 0;
  double xx = 0;

  // Values that are there; x as long as y, or empty.
  static Moments of(std::span<const double> y, std::span<const double> x);
  void merge(const Moments& other);
};

// Welch's comparison, with CUPED where `adjust`: theta = sum of xy / sum of xx over both arms. The same numbers as
// adjust() and welch_pair(). kInvalidData: under two units in an arm, no variation, or an x that does not vary.
Result<Pair> moments_pair(const Moments& control, const Moments& treated, bool adjust);

}  // namespace handsel::estimators

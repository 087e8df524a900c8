// Draws from the gamma and beta distributions, the same on every machine for the same stream.
//
// Gamma by squeeze (Marsaglia & Tsang 2000, "A Simple Method for Generating Gamma Variables", ACM TOMS 26); beta as a
// ratio of two. About two normals a draw. Not thread safe where the stream is shared.
#pragma once

#include <cmath>

#include "base/core/rng.h"

namespace handsel {

// Shape > 0, scale 1.
inline double draw_gamma(Rng& rng, double shape) {
  // Below 1 a gamma of shape + 1, pulled in by a power of a uniform number (section 6 of the paper).
  if (shape < 1) return draw_gamma(rng, shape + 1) * std::pow(1 - rng.uniform(), 1 / shape);
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = rng.normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(1 - rng.uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

// a, b > 0; in [0, 1].
inline double draw_beta(Rng& rng, double a, double b) {
  const double x = draw_gamma(rng, a);
  const double y = draw_gamma(rng, b);
  return x + y > 0 ? x / (x + y) : 0.5;
}

}  // namespace handsel

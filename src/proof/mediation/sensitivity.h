// How strong would something unmeasured have to be, that moves both mediator and outcome, to explain the
// indirect effect away?
//
// Its strength is rho, the correlation of the errors of both equations of the classical model without
// interaction (Imai, Keele & Yamamoto 2010, Theorem 2). In closed form, with g the coefficient of the
// mediator, s_m and s_y the standard deviations of the residuals:
//   ACME(rho) = m1 (g - rho / sqrt(1 - rho^2) * s_y / s_m)
// which is that theorem's expression: g is r s_1 / s_m and s_y is s_1 sqrt(1 - r^2), r the correlation of the
// residuals of the reduced equations. It is 0 at rho = r whatever m1 is. In variances explained, rho^2 is the
// product of the shares of both residual variances, and rho^2 (1 - R2_m)(1 - R2_y) that of the total
// variances (the same paper, section 5). Intervals: delta method over m1, g and both variances.
#pragma once

#include <vector>

#include "proof/mediation/mediation.h"

namespace handsel::mediation {

struct SensitivityPoint {
  double rho = 0;
  double indirect = 0;
  double low = 0;
  double high = 0;
};

struct Sensitivity {
  double rho_at_zero = 0;
  double residual_share_at_zero = 0;     // R2*_m R2*_y
  double total_share_at_zero = 0;        // R2~_m R2~_y
  std::vector<SensitivityPoint> points;  // rho from -0.9 to 0.9 by 0.1
  // Of the grid, the rho nearest 0 at which the interval contains 0; 1 where none does.
  double rho_first_insignificant = 0;
};

// Refuses what mediate() refuses. Uses scale, dependence and confidence of the options.
Result<Sensitivity> sensitivity(const Input& input, const Options& options);

}  // namespace handsel::mediation

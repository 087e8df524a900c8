// The first arm's difference as it grew day by day, with always-valid bounds, and whether the effect of a day itself
// grows or fades (novelty). For this room only.
#pragma once

#include "proof/metrics/unit_sample.h"

namespace handsel::experiments {

// Of the pseudo-values of the whole experiment; units without a day are left out.
Path path_of(const UnitTable& table, const UnitSample& sample, const AnalysisRequest& request, const Metric& metric,
             const MetricValues& values);

}  // namespace handsel::experiments

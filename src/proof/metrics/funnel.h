// How far the units of each arm came. For this room only.
#pragma once

#include <span>

#include "proof/metrics/unit_sample.h"

namespace handsel::experiments {

// kInvalidArgument: under two steps, more than kFunnelStepsMax, or one that is named twice.
Result<void> check_steps(std::span<const std::string> steps);

// The steps are columns of the table. kInvalidData: a unit whose rows lie in two clusters, so that it belongs to
// neither.
Result<Funnel> funnel_of(const UnitTable& table, const UnitSample& sample, const AnalysisRequest& request);

}  // namespace handsel::experiments

// The effect in each part of the units. For this room only.
#pragma once

#include "proof/metrics/unit_sample.h"

namespace handsel::experiments {

// Of the first arm. Adjusted within each level alone; the levels' p-values are corrected together. kTooLarge: a column
// with more than kSegmentLevelsMax words.
Result<Segmentation> segment(const UnitTable& table, const UnitSample& sample, const AnalysisRequest& request,
                             const Metric& metric, const std::string& column);

}  // namespace handsel::experiments

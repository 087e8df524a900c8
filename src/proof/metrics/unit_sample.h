// The units of a table as an analysis sees them: arms as numbers, clusters, strata, and for a metric the values that
// are there. For this room only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "proof/metrics/analysis.h"

namespace handsel::experiments {

inline constexpr std::uint32_t kNoArm = ~std::uint32_t{0};

struct UnitSample {
  std::vector<Arm> arms;
  std::vector<std::uint32_t> arm;       // by row; kNoArm: left out
  std::vector<std::uint32_t> clusters;  // by row, dense; empty: units are independent
  std::size_t cluster_count = 0;
  std::vector<std::uint32_t> strata;  // by row, dense; empty: none
  std::size_t strata_count = 0;
  std::size_t rows_without_variant = 0;
  std::size_t units = 0;
  std::size_t mixed_units = 0;  // in two arms
  bool repeated_units = false;
};

Result<UnitSample> sample_units(const UnitTable& table, const AnalysisRequest& request);

// A metric's pseudo-values (difference.h) of one arm, adjusted, with what goes along.
struct ArmValues {
  std::vector<double> values;
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> clusters;
  std::vector<std::uint32_t> strata;
  std::uint64_t missing = 0;
};

struct MetricValues {
  std::vector<ArmValues> arms;
  std::vector<double> extra_variance;  // by arm, of regression
  double variance_kept = 1;
};

// Rows for which `uses(row)` holds. kInvalidData where nothing can be adjusted or divided.
struct RowFilter {
  const std::vector<std::uint32_t>* codes = nullptr;  // null: all rows
  std::uint32_t code = 0;
  int half = -1;  // 0 or 1: that random half; -1: both
  std::uint64_t seed = 0;
  bool uses(std::size_t row) const;
};
Result<MetricValues> metric_values(const UnitTable& table, const UnitSample& sample, const AnalysisRequest& request,
                                   const Metric& metric, const RowFilter& filter);

// Compares arm `arm` with arm 0; a refusal becomes the effect's problem.
Effect effect_of(const UnitSample& sample, const AnalysisRequest& request, const Metric& metric,
                 const Result<MetricValues>& values, std::size_t arm);

}  // namespace handsel::experiments

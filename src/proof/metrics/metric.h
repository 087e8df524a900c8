// What is measured per unit, from the columns of a table, as people write it:
//   spend                  mean of a column          mean:spend
//   proportion:visit       share of units with 1; the column holds 0 and 1
//   ratio:clicks/visits    sum over sum              clicks/visits
//   quantile:latency:0.9   the value below which nine tenths lie
//   winsorised:spend:0.99  mean, with values above that quantile of all units (and below its opposite, where values
//                          are negative) pulled back to it
// Units: those of the column; a share for proportions. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/core/result.h"

namespace handsel::experiments {

enum class MetricKind : std::uint8_t { kMean, kProportion, kRatio, kQuantile, kWinsorised };

struct Metric {
  std::string name;  // as it was written
  MetricKind kind = MetricKind::kMean;
  std::string column;
  std::string below;    // of a ratio
  double quantile = 0;  // of a quantile or winsorised metric
};

// kInvalidArgument says what is wrong with the words.
Result<Metric> parse_metric(std::string_view text);

}  // namespace handsel::experiments

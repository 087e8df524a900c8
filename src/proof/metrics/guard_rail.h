// Has an experiment done harm that nobody wanted to tolerate? Asked again and again while it runs.
//
// A guard rail is a metric with `guard` g, the worst relative change that is tolerable. With C and T the arms' values
// (adjusted by CUPED) the statistic is T - (1 - g) C where more is better, T - (1 + g) C where less is. It breaks when
// the always-valid interval of that (estimators/sequential.h), which holds at all moments at once, lies wholly on the
// bad side of 0: so one may look every minute, and an experiment within its limits is stopped by accident with
// probability alpha at most, over all its guard rails and arms together (Bonferroni) and all of its life. Not before
// kUnitsMin units, where such an interval begins to hold.
//
// Two passes over the log. One thread.
#pragma once

#include <string>
#include <vector>

#include "proof/metrics/event_units.h"

namespace handsel::experiments {

struct GuardRequest {
  assignment::Experiment experiment;
  MetricsFile metrics_file;
  std::function<std::string(std::string_view)> query_unit;
  std::function<std::string(std::string_view)> listing_unit;  // where units are shops or taxonomy
  double alpha = 0.05;
  double planned_units = 10'000;  // where the interval is tightest; fixed before, and the same at every look
  std::int64_t before_ms = 28 * kDayMs;
  std::int64_t from_ms = 0;  // units that met it before are out: somebody let it go on in spite of them
};

struct GuardState {
  std::string metric;
  std::string arm;
  std::string problem;  // not empty: nothing can be said, and why
  bool is_broken = false;
  std::uint64_t units = 0;
  double tolerable = 0;  // g
  double control = 0;
  double treated = 0;
  double lift = 0;  // relative change with always-valid bounds, of the difference over the control's value
  double lift_low = 0;
  double lift_high = 0;
  double p = 1;  // of the difference, always valid

  std::string sentence() const;
};

// Empty where no metric has a guard. Errors of collect_units(), and of an experiment with one variant.
Result<std::vector<GuardState>> check_guards(const EventPass& pass, const GuardRequest& request);

bool any_broken(const std::vector<GuardState>& states);

}  // namespace handsel::experiments

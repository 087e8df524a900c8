// How long an experiment has to run, from the marketplace's own history.
//
// For each number of weeks w, the last w weeks of the log are looked at as if the experiment had run then: a unit is in
// it from its first event on, the metric is what it did from there to the end, and its four weeks before tell how much
// of the variance CUPED takes out (Deng, Xu, Kohavi & Walker 2013: the share 1 - correlation^2 is left). So units come
// in as they really do, many at first and then the new ones alone, and a metric that grows with time is measured over
// that time. Weeks beyond the history are extrapolated: as many new units as in the last week that is known, the mean
// and the variance of that length.
//
// Detectable is what a two-sided t-test finds with the given power (estimators/power.h); with several treated arms
// alpha is divided among them (Bonferroni). Cost: three passes over the log. Memory: that of event_units.h for each of
// the weeks. One thread.
#pragma once

#include <optional>
#include <vector>

#include "proof/estimators/power.h"
#include "proof/metrics/event_units.h"

namespace handsel::experiments {

inline constexpr std::size_t kPlannedWeeksMax = 52;

struct PlanRequest {
  MetricsFile metrics_file;
  std::string metric;
  std::string unit = "visitor";
  std::function<std::string(std::string_view)> query_unit;
  std::function<std::string(std::string_view)> listing_unit;  // where units are shops or taxonomy
  double alpha = 0.05;
  double power = 0.8;
  double change = 0.02;  // relative, to be found
  double share = 1;      // of the units take part
  std::size_t arms = 2;  // of one size
  std::size_t weeks = 8;
};

struct PlannedWeek {
  std::size_t weeks = 0;
  bool is_extrapolated = false;
  double units = 0;          // that take part, all arms
  double mean = 0;           // of the metric; 0 or less has no relative change
  double deviation = 0;      // of a unit
  double variance_kept = 1;  // by CUPED
  double detectable = 0;     // relative, with CUPED
  double detectable_plain = 0;
  double units_needed = 0;  // for the change asked for, all arms, with CUPED
};

struct ExperimentPlan {
  Metric comparison;
  double history_weeks = 0;
  std::vector<PlannedWeek> weeks;
  std::optional<std::size_t> enough;  // the first number of weeks that finds the change
};

// kNotFound: no such metric, or no events. kInvalidData: a quantile; a metric that is 0 for everybody, or less than a
// day of history. kInvalidArgument: shares and chances out of range.
Result<ExperimentPlan> plan_experiment(const EventPass& pass, const PlanRequest& request);

}  // namespace handsel::experiments

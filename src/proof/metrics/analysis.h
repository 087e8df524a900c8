// An A/B test from a table of units: checks first, then every metric of every arm against the control.
//
// Treatment of what is not clean, all of it counted in the result: a unit without a variant is left out; a unit without
// a value is left out of that metric, and the share of such units is compared between arms; rows of one unit in one arm
// are kept, and errors are then by unit; units in two arms fail a check; an infinite value does not get past the
// reader. What cannot be compared (an arm of under two units, no variation) is an entry with a reason instead of
// numbers.
//
// CUPED and regression use units that have all covariates; of ratios they adjust the linearised values. Quantiles
// are not adjusted. Pure: no clock, and no randomness but the seed of the honest split. Cost: a few passes over the
// columns of each metric; quantiles sort. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "proof/estimators/adjustment.h"
#include "proof/estimators/bayes.h"
#include "proof/estimators/difference.h"
#include "proof/estimators/multiplicity.h"
#include "proof/estimators/sequential.h"
#include "proof/metrics/metric.h"
#include "proof/metrics/unit_table.h"

namespace handsel::experiments {

inline constexpr std::size_t kArmsMax = 20;
inline constexpr std::size_t kMetricsMax = 200;
inline constexpr std::size_t kSegmentLevelsMax = 30;  // of a column; more are refused
inline constexpr std::size_t kDaysMax = 1000;
inline constexpr std::size_t kFunnelStepsMax = 20;

struct GroupLook {
  std::size_t look = 0;  // this is the look-th of `looks` even ones; 0: not group-sequential
  std::size_t looks = 0;
  estimators::Spending spending = estimators::Spending::kObrienFleming;
};

struct AnalysisRequest {
  std::string unit;     // column; empty: every row is a unit
  std::string variant;  // column
  std::vector<Metric> metrics;
  std::string control;           // empty: "control" or "0" where there is one, else an error
  std::vector<double> expected;  // shares, the control's first, then in the order of the other arms' names; empty: even
  estimators::Adjustment adjustment = estimators::Adjustment::kNone;
  std::vector<std::string> covariates;                  // of all metrics
  std::map<std::string, std::string> metric_covariate;  // by metric name: one more of its own
  std::vector<std::string> pre;                         // columns from before, compared between arms only
  std::string strata;                                   // column
  std::string cluster;                                  // column
  std::vector<std::string> segments;                    // columns
  std::vector<std::string> funnel;                      // columns, a step each, in order; empty: no funnel
  std::string day;                                      // column of numbers: novelty, and the path over time
  double alpha = 0.05;
  estimators::Correction correction = estimators::Correction::kHolm;
  bool sequential = false;
  double planned_units = 10'000;  // where the always-valid interval is tightest
  GroupLook group;
  std::size_t quantile_resamples = 0;  // errors of quantiles: 0 by order statistics, else by so many of the bootstrap
  bool bayes = false;
  double prior_deviation = estimators::kPriorDeviation;  // of the control's standard deviation
  std::uint64_t seed = 1;
};

// The columns that the request reads.
std::vector<std::string> number_columns(const AnalysisRequest& request);
std::vector<std::string> word_columns(const AnalysisRequest& request);

struct Arm {
  std::string name;
  std::uint64_t units = 0;  // each once; those in two arms are in none
};

struct Check {
  std::string name;
  bool passed = true;
  bool stops = false;  // where it fails, effects are not to be read
  double p = 1;
  std::string sentence;
};

struct Sequential {
  double low = 0;
  double high = 0;
  double p = 1;
};

struct Effect {
  std::string metric;
  std::string arm;
  std::string problem;  // not empty: there are no numbers, and this is why
  std::uint64_t control_units = 0;
  std::uint64_t treated_units = 0;
  double control = 0;
  double treated = 0;
  double control_error = 0;
  double treated_error = 0;
  estimators::Difference difference;
  double p_adjusted = 1;
  double variance_kept = 1;  // by CUPED or regression
  std::optional<Sequential> sequential;
  std::optional<estimators::Posterior> posterior;
};

// The difference so far, after all units up to this day.
struct PathPoint {
  double day = 0;
  double estimate = 0;
  double error = 0;
  double low = 0;  // always valid
  double high = 0;
  double units = 0;
};

struct Path {
  std::string metric;
  std::string arm;
  std::vector<PathPoint> points;
  // Does the effect of the day itself change? Slope per day by least squares weighted with the days' errors.
  double slope = 0;
  double slope_p = 1;
};

struct SegmentEffect {
  std::string level;
  Effect effect;  // p_adjusted: over the levels of this column
};

struct Segmentation {
  std::string column;
  std::string metric;
  std::string arm;
  std::vector<SegmentEffect> levels;
  double heterogeneity_p = 1;  // Cochran's Q (Cochran 1954): are all levels' effects the same?
  // Honest: the level that stood out in one random half of the units, estimated in the other (Athey & Imbens 2016).
  std::string chosen;
  std::optional<Effect> honest;
};

// How far units came. A unit is at a step where its value there is above 0 (of a unit with several rows: in one of
// them) and it is at all steps before. Units without a value of one step are left out of all.
struct FunnelStep {
  std::string name;
  std::vector<std::uint64_t> reached;  // by arm
  // Each other arm's share of units against the control's: proportions, not adjusted for covariates or strata, errors
  // of clusters where those were asked for. Not corrected for being many: a funnel explains, it does not decide.
  std::vector<Effect> effects;
};

struct Funnel {
  std::vector<std::uint64_t> units;  // by arm
  std::uint64_t missing = 0;         // units that were left out
  std::vector<FunnelStep> steps;     // empty: not asked for
};

struct Analysis {
  std::size_t rows = 0;
  std::size_t rows_without_variant = 0;
  std::size_t units = 0;
  bool repeated_units = false;  // errors are by unit
  std::vector<Arm> arms;        // the control first
  std::vector<Check> checks;
  std::vector<Effect> effects;  // by metric, then arm
  std::vector<Path> paths;      // of the first arm
  std::vector<Segmentation> segmentations;
  Funnel funnel;
  std::vector<double> boundaries;  // critical |z| of the planned looks
  std::vector<std::string> notes;

  bool may_be_read() const;  // no check that stops has failed
};

// kInvalidArgument or kInvalidData where nothing at all can be said: no such control, one arm, too many arms.
Result<Analysis> analyse(const UnitTable& table, const AnalysisRequest& request);

}  // namespace handsel::experiments

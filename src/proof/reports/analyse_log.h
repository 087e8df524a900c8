// An experiment from the marketplace's own event log: the units of event_units.h, analysed as those of a file are.
//
// Every metric of sums is adjusted by its own value before the exposure (CUPED) unless that is turned off or does not
// vary; the same columns are the check that the arms were alike. Sizes of arms are checked against the definition's
// weights. A switchback's units are blocks of time: a row has what everybody did in a block, so errors are those of
// blocks, and there is no before. Memory as in event_units.h; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "proof/assignment/experiment.h"
#include "proof/metrics/event_units.h"
#include "proof/reports/analysis_report.h"
#include "proof/reports/mediate_file.h"

namespace handsel::experiments {

// Which experiment, what of the log, and by which definitions.
struct LogRequest {
  assignment::Experiment experiment;  // the first variant is the control
  MetricsFile metrics_file;
  std::int64_t from_ms = 0;
  std::int64_t to_ms = std::numeric_limits<std::int64_t>::max();
  std::int64_t before_ms = 28 * kDayMs;
  std::function<std::string(std::string_view)> query_unit;    // event_units.h
  std::function<std::string(std::string_view)> listing_unit;  // event_units.h
};

struct LogAnalysisRequest {
  LogRequest log;
  std::vector<std::string> metrics;  // as choose_metrics() takes them, at least one
  bool is_adjusted = true;           // CUPED
  std::size_t novelty_days = 0;      // of the first metric; 0: none
  bool has_usual_funnel = false;     // usual_funnel(), without the steps that nobody reached
  AnalysisRequest analysis;  // alpha, correction, sequential, group, bayes, strata, segments, funnel (metrics), seed
};

Result<AnalysisReport> analyse_log(const EventPass& pass, const LogAnalysisRequest& request);

struct LogMediationRequest {
  LogRequest log;
  std::vector<std::string> mediators;  // names of metrics that are no ratios
  std::string outcome;
  std::string treated;      // empty: the only other variant
  bool is_adjusted = true;  // mediator and outcome before the exposure are covariates
  bool classical = false;
  mediation::Options options;
};

// Units that met two variants are left out. kInvalidData where the arms do not have the planned sizes: mediation of a
// broken experiment is no number that anybody should see.
Result<MediationReport> mediate_log(const EventPass& pass, const LogMediationRequest& request);

// What the reports call a moment: "2026-11-21 14:05".
std::string moment_text(std::int64_t time_ms);

}  // namespace handsel::experiments

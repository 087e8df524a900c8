// Every experiment on which something was decided: what, by whom, why, with what numbers; and what these tests come to
// together: the share of wins, and their effects pulled towards what effects usually are (estimators/shrinkage.h),
// because the largest of many noisy effects is mostly noise. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace handsel::experiments {

// As decisions::ExperimentDecision has them, without the log.
struct ArchivedNumber {
  std::string metric;
  std::string arm;
  std::uint64_t units = 0;
  double control = 0;
  double treated = 0;
  double lift = 0;
  double lift_low = 0;  // 95 %
  double lift_high = 0;
  double p = 1;
};

struct ArchivedDecision {
  std::string experiment;
  std::string verdict;
  std::int64_t time_ms = 0;
  std::string by;
  std::string why;
  std::vector<ArchivedNumber> numbers;
};

// One experiment's last number of a metric, before and after shrinking.
struct ShrunkEffect {
  std::string experiment;
  std::string arm;
  double lift = 0;
  double error = 0;
  double shrunk = 0;
  double shrunk_error = 0;
};

struct MetricHistory {
  std::string metric;
  double usual = 0;      // the mean of all effects
  double deviation = 0;  // of true effects about it
  std::vector<ShrunkEffect> effects;
};

struct Archive {
  std::vector<ArchivedDecision> decisions;  // newest first
  std::size_t experiments = 0;
  std::size_t shipped = 0;  // whose newest verdict is ship
  std::size_t stopped = 0;  // by people or guard rails
  std::size_t running = 0;
  std::vector<MetricHistory> metrics;  // with enough effects to shrink
};

// `search`: only experiments with a decision that has all these words in name, verdict, who or why, whatever their
// case; the meta view is always of all. `decisions` by time.
Archive archive_of(const std::vector<ArchivedDecision>& decisions, const std::vector<std::string>& search);

std::string to_text(const Archive& archive);
std::string to_json(const Archive& archive);
std::string to_html(const Archive& archive);

}  // namespace handsel::experiments

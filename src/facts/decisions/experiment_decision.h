// What was decided about an experiment, by whom and why: a fact, in the decisions topic of the log. All decisions
// stay; the newest says whether the experiment may run.
//
// Record: key "x/" and the experiment's name; payload u8 version, u8 verdict, i64 time_ms, string by, string why,
// varint count, then for each number string metric, string arm, u64 units, and as f64 the control's value, the treated
// one's, the relative change with its two bounds, and p (what is not known is no number). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "facts/log/log.h"

namespace handsel::decisions {

inline constexpr std::size_t kDecidedNameBytesMax = 200;
inline constexpr std::size_t kWhyBytesMax = 10'000;
inline constexpr std::size_t kHeadlinesMax = 200;

enum class Verdict : std::uint8_t {
  kShip = 1,  // the treated variant becomes what everybody gets
  kStop = 2,  // nobody gets a variant any more
  kKeepRunning = 3,
  kStoppedByGuardRail = 4,  // as kStop, by the program
  kResume = 5,
};
// "ship", "stop", "keep-running", "stopped-by-guard-rail", "resume".
std::string_view verdict_name(Verdict verdict);
std::optional<Verdict> verdict_of(std::string_view name);

// What was known of one metric in one treated arm.
struct HeadlineNumber {
  std::string metric;
  std::string arm;
  std::uint64_t units = 0;  // of control and arm
  double control = 0;
  double treated = 0;
  double lift = 0;  // relative change: 0.02 is 2 % more
  double lift_low = 0;
  double lift_high = 0;
  double p = 1;
};

struct ExperimentDecision {
  std::string experiment;
  Verdict verdict = Verdict::kKeepRunning;
  std::int64_t time_ms = 0;
  std::string by;
  std::string why;
  std::vector<HeadlineNumber> numbers;
};

// kInvalidArgument names what is wrong with it.
Result<log::NewRecord> to_record(const ExperimentDecision& decision);
// kUnsupported for records of other kinds or newer versions, kCorrupt for what was never written.
Result<ExperimentDecision> parse_experiment_decision(const log::Record& record);

// Durable when it returns.
Result<void> put_experiment_decision(log::Log& log, const ExperimentDecision& decision);

// All of them, by time, then by name.
Result<std::vector<ExperimentDecision>> read_experiment_decisions(const log::Log& log);

// Experiments whose newest decision is that they stop. `decisions` by time.
std::set<std::string> stopped_experiments(std::span<const ExperimentDecision> decisions);

}  // namespace handsel::decisions

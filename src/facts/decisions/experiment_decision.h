// What was decided about an experiment, by whom and why: a fact, in the decisions topic of the log. All decisions
// stay; the newest of those that stop or allow it says whether the experiment may run.
//
// Record: key "x/" and the experiment's name; payload u8 version, u8 verdict, i64 time_ms, string by, string why,
// varint count, then for each number string metric, string arm, u64 units, and as f64 the control's value, the treated
// one's, the relative change with its two bounds, and p (what is not known is no number). Any thread.
#pragma once

#include <cstdint>
#include <map>
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
  kShip = 1,         // people make the treated variant what everybody gets; until they have, it runs or rests as before
  kStop = 2,         // nobody gets a variant any more
  kKeepRunning = 3,  // allows it, as kResume does
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

// Where an experiment stands after all that was decided about it.
struct Standing {
  bool is_stopped = false;
  std::int64_t since_ms = 0;  // when it was stopped, or allowed after a stop; 0: it was never stopped
  ExperimentDecision stop;    // the last one that stopped it, if any; without its numbers
  ExperimentDecision newest;  // without its numbers
};
using Standings = std::map<std::string, Standing, std::less<>>;  // by the experiment's name

// Of one experiment in the order of time.
void apply(Standings& standings, const ExperimentDecision& decision);
Standings standings_of(std::span<const ExperimentDecision> decisions);

// Experiments that are stopped. `decisions` by time.
std::set<std::string> stopped_experiments(std::span<const ExperimentDecision> decisions);

}  // namespace handsel::decisions

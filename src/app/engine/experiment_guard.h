// The thread that watches the guard rails of running experiments (proof/metrics/guard_rail.h).
//
// Every check_every it looks at each experiment that runs, over the whole log of events; one whose rail is surely
// broken is stopped, by a decision in the log that names the rail and its numbers. Looking often does no harm: the
// statistics are always valid. An experiment that was stopped and that somebody resumed is judged by the units that
// met it since: who resumes it knows what was before. Metrics are those of metrics.toml, read at every check; without
// such a file, or without a `guard` in it, there is nothing to do. The built-in metrics have none.
//
// It reads the log alone and holds no lock that a search waits for. It works for some milliseconds, then rests nine
// times as long (pace.h), so that it takes a tenth of a core at most, however long the log is; between the passes it
// computes without a rest, up to a second for ten million units, and rests after it. One experiment at a time is in
// memory, with some hundred bytes a unit (event_units.h); where its units are shops or places in the taxonomy, the
// catalogue is read from the log, too (listing_units.h). To stop it is noticed at the next event or listing.
//
// Thread safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/engine/decided_experiments.h"
#include "app/engine/experiments.h"
#include "base/core/clock.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "facts/decisions/experiment_decision.h"
#include "facts/log/log.h"
#include "proof/metrics/guard_rail.h"

namespace handsel {

// What the program writes down where rails broke: all that broke, with their numbers.
decisions::ExperimentDecision guard_decision(const std::string& experiment,
                                             const std::vector<experiments::GuardState>& states, std::int64_t now_ms);

// From when on units count for its guard rails.
std::int64_t guarded_from_ms(const decisions::Standings& standings, std::string_view experiment);

class ExperimentGuard {
 public:
  struct Parts {  // borrowed
    log::Log& log;
    const Clock& clock;
    FileSystem& files;
    DecidedExperiments& decided;
  };
  struct Options {
    std::string metrics_path;
    std::chrono::milliseconds check_every{0};                     // 0: never by itself
    std::function<std::shared_ptr<const Experiments>()> defined;  // by the file, whatever was decided
  };
  ExperimentGuard(Parts parts, Options options);
  ~ExperimentGuard();

  // At full speed; how many experiments were stopped. Waits for a check that is under way.
  Result<std::size_t> check_now();

  std::uint64_t checks() const;
  std::uint64_t last_check_ms() const;        // with its rests
  std::vector<std::string> troubles() const;  // of the last check

 private:
  using Step = std::function<bool()>;  // after each event and each experiment; false: no more
  struct Pass;
  Result<std::size_t> check(const Step& event, const Step& experiment);
  Result<std::size_t> check_all(Pass& pass);
  Result<std::size_t> check_one(const assignment::Experiment& experiment, Pass& pass);
  void run(const std::stop_token& stop);
  void rest(const std::stop_token& stop, std::chrono::nanoseconds how_long);

  const Parts parts_;
  const Options options_;
  std::mutex checking_;
  mutable std::mutex mutex_;  // of all below
  std::condition_variable_any wake_;
  std::uint64_t checks_ = 0;
  std::uint64_t last_check_ms_ = 0;
  std::vector<std::string> troubles_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace handsel

// Which experiments may run, after all that was decided about them (facts/decisions/experiment_decision.h).
//
// A decision to stop takes an experiment out of service, whatever its definition says: nobody is assigned, nobody
// exposed, everybody gets what is there without it. One to resume takes the stop back; `running = false` in the
// definition still holds then. Decisions are read from the log once, and kept as they are made. Where they cannot be
// read nothing runs: what had been stopped for its harm must not come back by an accident.
//
// Thread safe. in_force() is a lock and a comparison a search; where something is stopped and the definitions or the
// decisions changed, a copy of the definitions.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/engine/experiments.h"
#include "base/core/result.h"
#include "facts/decisions/experiment_decision.h"
#include "facts/log/log.h"

namespace handsel {

class DecidedExperiments {
 public:
  // Reads the decisions' topic, whole. `log` is borrowed.
  explicit DecidedExperiments(log::Log& log);

  // `defined`, without those that are stopped.
  std::shared_ptr<const Experiments> in_force(const std::shared_ptr<const Experiments>& defined) const;
  // How many of them are stopped.
  std::size_t stopped_of(const Experiments& defined) const;
  // Never null.
  std::shared_ptr<const decisions::Standings> standings() const;

  // Durable, and in force, when it returns. Its time is moved behind that of the decision before it, so that a restart
  // finds the same one the newest, whatever the clocks were.
  Result<void> decide(decisions::ExperimentDecision decision);
  // The same where `seen` is still what holds of it; otherwise somebody was faster, and false.
  Result<bool> decide_if_unchanged(decisions::ExperimentDecision decision, const decisions::Standings& seen);

  std::optional<std::string> trouble() const { return trouble_; }

 private:
  Result<void> write(decisions::ExperimentDecision decision);

  log::Log& log_;
  std::optional<std::string> trouble_;
  std::mutex deciding_;       // so that the log has decisions in the order in which they are obeyed
  mutable std::mutex mutex_;  // of all below
  std::shared_ptr<const decisions::Standings> standings_ = std::make_shared<const decisions::Standings>();
  mutable std::shared_ptr<const Experiments> defined_;  // what `in_force_` was made of
  mutable std::shared_ptr<const Experiments> in_force_;
};

}  // namespace handsel

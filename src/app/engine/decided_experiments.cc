#include "app/engine/decided_experiments.h"

#include <algorithm>
#include <set>
#include <utility>

namespace handsel {
namespace {

using decisions::ExperimentDecision;
using decisions::Standings;

std::int64_t decided_ms(const Standings& standings, const std::string& experiment) {
  const auto found = standings.find(experiment);
  return found == standings.end() ? -1 : found->second.newest.time_ms;
}

std::set<std::string> names_of(const Experiments& defined) {
  std::set<std::string> names;
  for (const assignment::Experiment& experiment : defined.all()) names.insert(experiment.name);
  return names;
}

std::set<std::string> stopped_among(const Experiments& defined, const Standings& standings) {
  std::set<std::string> names;
  for (const assignment::Experiment& experiment : defined.all()) {
    const auto found = standings.find(experiment.name);
    if (found != standings.end() && found->second.is_stopped) names.insert(experiment.name);
  }
  return names;
}

}  // namespace

DecidedExperiments::DecidedExperiments(log::Log& log) : log_(log) {
  const auto decided = decisions::read_experiment_decisions(log);
  if (decided) {
    standings_ = std::make_shared<const Standings>(decisions::standings_of(*decided));
  } else {
    trouble_ = "no experiment runs, because what was decided about them cannot be read: " + decided.error().message;
  }
}

std::shared_ptr<const Experiments> DecidedExperiments::in_force(
    const std::shared_ptr<const Experiments>& defined) const {
  const std::lock_guard lock(mutex_);
  if (standings_->empty() && !trouble_) return defined;
  if (defined_ == defined) return in_force_;
  const auto stopped = trouble_ ? names_of(*defined) : stopped_among(*defined, *standings_);
  defined_ = defined;
  in_force_ = defined;
  if (stopped.empty()) return in_force_;
  // Fewer of them run than were accepted already, so there is nothing to refuse; if there were, none would run.
  auto without = defined->without(stopped);
  in_force_ = std::make_shared<const Experiments>(without ? std::move(*without) : Experiments());
  return in_force_;
}

std::size_t DecidedExperiments::stopped_of(const Experiments& defined) const {
  return stopped_among(defined, *standings()).size();
}

std::shared_ptr<const Standings> DecidedExperiments::standings() const {
  const std::lock_guard lock(mutex_);
  return standings_;
}

Result<void> DecidedExperiments::decide(ExperimentDecision decision) {
  const std::lock_guard lock(deciding_);
  return write(std::move(decision));
}

Result<bool> DecidedExperiments::decide_if_unchanged(ExperimentDecision decision, const Standings& seen) {
  const std::lock_guard lock(deciding_);
  if (decided_ms(*standings(), decision.experiment) != decided_ms(seen, decision.experiment)) return false;
  HANDSEL_TRY(write(std::move(decision)));
  return true;
}

Result<void> DecidedExperiments::write(ExperimentDecision decision) {
  Standings next = *standings();
  decision.time_ms = std::max(decision.time_ms, decided_ms(next, decision.experiment) + 1);
  HANDSEL_TRY(decisions::put_experiment_decision(log_, decision));
  decisions::apply(next, decision);
  const std::lock_guard lock(mutex_);
  standings_ = std::make_shared<const Standings>(std::move(next));
  defined_ = nullptr;
  in_force_ = nullptr;
  return {};
}

}  // namespace handsel

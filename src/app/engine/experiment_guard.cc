#include "app/engine/experiment_guard.h"

#include <algorithm>

#include "app/engine/listing_units.h"
#include "app/engine/pace.h"
#include "facts/events/event_store.h"

namespace handsel {
namespace {

std::chrono::nanoseconds steady_now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

// Without metrics where none of them is a guard rail.
Result<experiments::MetricsFile> guarded_metrics(FileSystem& files, const std::string& path) {
  if (!files.exists(path)) return experiments::MetricsFile{};
  HANDSEL_ASSIGN(const std::string text, files.read_file(path));
  HANDSEL_ASSIGN(auto file, experiments::parse_metrics(text, path));
  if (std::ranges::none_of(file.metrics, [](const auto& metric) { return metric.guard.has_value(); })) {
    file.metrics.clear();
  }
  return file;
}

decisions::HeadlineNumber headline_of(const experiments::GuardState& state) {
  return {.metric = state.metric,
          .arm = state.arm,
          .units = state.units,
          .control = state.control,
          .treated = state.treated,
          .lift = state.lift,
          .lift_low = state.lift_low,
          .lift_high = state.lift_high,
          .p = state.p};
}

}  // namespace

decisions::ExperimentDecision guard_decision(const std::string& experiment,
                                             const std::vector<experiments::GuardState>& states, std::int64_t now_ms) {
  decisions::ExperimentDecision decision{.experiment = experiment,
                                         .verdict = decisions::Verdict::kStoppedByGuardRail,
                                         .time_ms = now_ms,
                                         .by = "guard rail",
                                         .why = {},
                                         .numbers = {}};
  for (const experiments::GuardState& state : states) {
    if (!state.is_broken || decision.numbers.size() == decisions::kHeadlinesMax) continue;
    const std::string sentence = state.sentence();
    if (decision.why.size() + sentence.size() < decisions::kWhyBytesMax) {
      decision.why += (decision.why.empty() ? "" : " ") + sentence;
    }
    decision.numbers.push_back(headline_of(state));
  }
  return decision;
}

std::int64_t guarded_from_ms(const decisions::Standings& standings, std::string_view experiment) {
  const auto found = standings.find(experiment);
  return found == standings.end() ? 0 : found->second.since_ms;
}

// One look at all of them.
struct ExperimentGuard::Pass {
  const Step& event;
  const Step& experiment;
  std::shared_ptr<const decisions::Standings> seen;
  experiments::GuardRequest request;
  std::vector<std::string> troubles;
  bool ended = false;  // by a step
};

ExperimentGuard::ExperimentGuard(Parts parts, Options options) : parts_(parts), options_(std::move(options)) {
  if (options_.check_every.count() > 0) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
}

ExperimentGuard::~ExperimentGuard() {
  thread_.request_stop();
}

Result<std::size_t> ExperimentGuard::check_now() {
  const Step on = [] { return true; };
  return check(on, on);
}

Result<std::size_t> ExperimentGuard::check(const Step& event, const Step& experiment) {
  const std::lock_guard one_at_a_time(checking_);
  const auto began = steady_now();
  Pass pass{
      .event = event, .experiment = experiment, .seen = parts_.decided.standings(), .request = {}, .troubles = {}};
  auto stopped = check_all(pass);
  if (pass.ended) return stopped;
  if (!stopped) pass.troubles.push_back("guard rails of experiments are not checked: " + stopped.error().message);
  const std::lock_guard lock(mutex_);
  ++checks_;
  last_check_ms_ = static_cast<std::uint64_t>((steady_now() - began) / std::chrono::milliseconds(1));
  troubles_ = std::move(pass.troubles);
  return stopped;
}

Result<std::size_t> ExperimentGuard::check_all(Pass& pass) {
  HANDSEL_ASSIGN(pass.request.metrics_file, guarded_metrics(parts_.files, options_.metrics_path));
  if (pass.request.metrics_file.metrics.empty()) return std::size_t{0};
  pass.request.query_unit = query_unit_name;
  std::size_t stopped = 0;
  const auto running = parts_.decided.in_force(options_.defined());
  for (const assignment::Experiment& experiment : running->all()) {
    if (!experiment.is_running || experiment.variants.size() < 2) continue;
    HANDSEL_ASSIGN(const std::size_t more, check_one(experiment, pass));
    stopped += more;
    if (pass.ended || !pass.experiment()) break;
  }
  return stopped;
}

Result<std::size_t> ExperimentGuard::check_one(const assignment::Experiment& experiment, Pass& pass) {
  pass.request.experiment = experiment;
  pass.request.from_ms = guarded_from_ms(*pass.seen, experiment.name);
  const auto goes_on = [&] {
    pass.ended = pass.ended || !pass.event();
    return !pass.ended;
  };
  const auto trouble = [&](const Error& error) {
    pass.troubles.push_back(
        fmt::format("the guard rails of experiment '{}' are not checked: {}", experiment.name, error.message));
  };
  auto listing_unit = listing_units(parts_.log, experiment.unit, goes_on);
  if (pass.ended) return std::size_t{0};
  if (!listing_unit) {
    trouble(listing_unit.error());
    return std::size_t{0};
  }
  pass.request.listing_unit = std::move(*listing_unit);
  const auto events = [&](const experiments::EventVisitor& visit) -> Result<void> {
    HANDSEL_TRY(events::EventStore(parts_.log, parts_.clock).visit([&](const events::Event& event) {
      return goes_on() && visit(event);
    }));
    if (pass.ended) return fail(Code::kCancelled, "the check was stopped");
    return {};
  };
  const auto states = experiments::check_guards(events, pass.request);
  if (pass.ended) return std::size_t{0};
  if (!states) {
    if (states.error().code != Code::kNotFound) trouble(states.error());  // that is: nobody met it yet
    return std::size_t{0};
  }
  if (!experiments::any_broken(*states)) return std::size_t{0};
  HANDSEL_ASSIGN(const bool decided, parts_.decided.decide_if_unchanged(
                                         guard_decision(experiment.name, *states, parts_.clock.now_ms()), *pass.seen));
  return decided ? std::size_t{1} : std::size_t{0};
}

void ExperimentGuard::rest(const std::stop_token& stop, std::chrono::nanoseconds how_long) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, stop, how_long, [] { return false; });
}

void ExperimentGuard::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    rest(stop, options_.check_every);
    if (stop.stop_requested()) return;
    Pace pace(steady_now, [&](std::chrono::nanoseconds how_long) { rest(stop, how_long); });
    const auto after_event = [&] {
      pace.step();
      return !stop.stop_requested();
    };
    const auto after_experiment = [&] {
      pace.rest();
      return !stop.stop_requested();
    };
    static_cast<void>(check(after_event, after_experiment));  // troubles() tell what failed
    pace.rest();
  }
}

std::uint64_t ExperimentGuard::checks() const {
  const std::lock_guard lock(mutex_);
  return checks_;
}

std::uint64_t ExperimentGuard::last_check_ms() const {
  const std::lock_guard lock(mutex_);
  return last_check_ms_;
}

std::vector<std::string> ExperimentGuard::troubles() const {
  const std::lock_guard lock(mutex_);
  return troubles_;
}

}  // namespace handsel

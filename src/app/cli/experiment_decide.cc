// What was decided about experiments: 'experiment decide' writes it down, 'experiment archive' reads it, 'experiment
// guard' decides by itself where harm is sure.
#include <algorithm>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/experiment_log.h"
#include "app/cli/experiment_report.h"
#include "app/engine/experiment_guard.h"
#include "app/engine/listing_units.h"
#include "facts/decisions/experiment_decision.h"
#include "proof/metrics/guard_rail.h"
#include "proof/reports/archive_report.h"

namespace handsel::cli {
namespace {

using decisions::ExperimentDecision;
using decisions::HeadlineNumber;

constexpr std::array<std::string_view, 4> kDecisions = {"ship", "stop", "keep-running", "resume"};

struct DecideFlags {
  LogFlags log;
  std::string decision;
  std::string by;
  std::string why;
  std::vector<std::string> metrics;
};

HeadlineNumber headline_of(const experiments::Effect& effect) {
  return {.metric = effect.metric,
          .arm = effect.arm,
          .units = effect.control_units + effect.treated_units,
          .control = effect.control,
          .treated = effect.treated,
          .lift = effect.difference.lift,
          .lift_low = effect.difference.lift_low,
          .lift_high = effect.difference.lift_high,
          .p = effect.difference.p};
}

// Where a server has the folder, says what that one does instead.
Result<OpenLog> open_to_decide(const Context& context, const std::string& server_does) {
  auto open = open_log(context);
  if (open || open.error().code != Code::kConflict) return open;
  return fail(Code::kConflict, "{}: a server {}", open.error().message, server_does);
}

// A decision is written down even where nothing can be measured; it then says so.
Result<int> run_decide(const DecideFlags& flags, Context& context) {
  HANDSEL_ASSIGN(const OpenLog open,
                 open_to_decide(context, fmt::format("takes POST /v1/experiments/{}/decision", flags.log.experiment)));
  experiments::LogAnalysisRequest request{.log = {}, .metrics = flags.metrics, .analysis = {}};
  HANDSEL_ASSIGN(request.log, log_request(context, *open.log, flags.log));
  if (request.metrics.empty()) request.metrics = usual_metrics(context, request.log.metrics_file);
  ExperimentDecision decision{.experiment = flags.log.experiment,
                              .verdict = *decisions::verdict_of(flags.decision),
                              .time_ms = context.process.clock.now_ms(),
                              .by = flags.by,
                              .why = flags.why,
                              .numbers = {}};
  HANDSEL_TRY(decisions::to_record(decision));  // wrong words before long work
  const auto report = experiments::analyse_log(events_of(*open.log, context.process.clock), request);
  std::string saw;
  if (!report) {
    saw = fmt::format("without numbers: {}", report.error().message);
  } else if (!report->analysis.may_be_read()) {
    saw = fmt::format("without numbers: {}", experiments::headline(*report));
  } else {
    for (const experiments::Effect& effect : report->analysis.effects) {
      if (effect.problem.empty() && decision.numbers.size() < decisions::kHeadlinesMax) {
        decision.numbers.push_back(headline_of(effect));
      }
    }
    saw = experiments::headline(*report);
  }
  HANDSEL_TRY(decisions::put_experiment_decision(*open.log, decision));
  if (context.json) {
    context.print(nlohmann::json{{"experiment", decision.experiment},
                                 {"decision", flags.decision},
                                 {"time_ms", decision.time_ms},
                                 {"numbers", decision.numbers.size()},
                                 {"saw", saw}}
                      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
                  "\n");
  } else {
    context.print(fmt::format("{}: {}, by {}\n{}\n", decision.experiment, flags.decision, flags.by, saw));
  }
  return 0;
}

struct ArchiveFlags {
  std::vector<std::string> search;
  std::string html;
};

Result<int> run_archive(const ArchiveFlags& flags, Context& context) {
  HANDSEL_ASSIGN(const auto log, open_log_for_reading(context));
  HANDSEL_ASSIGN(const auto read, decisions::read_experiment_decisions(*log));
  std::vector<experiments::ArchivedDecision> archived;
  for (const ExperimentDecision& decision : read) {
    experiments::ArchivedDecision one{.experiment = decision.experiment,
                                      .verdict = std::string(decisions::verdict_name(decision.verdict)),
                                      .time_ms = decision.time_ms,
                                      .by = decision.by,
                                      .why = decision.why,
                                      .numbers = {}};
    for (const HeadlineNumber& n : decision.numbers) {
      one.numbers.push_back({n.metric, n.arm, n.units, n.control, n.treated, n.lift, n.lift_low, n.lift_high, n.p});
    }
    archived.push_back(std::move(one));
  }
  const experiments::Archive archive = experiments::archive_of(archived, flags.search);
  HANDSEL_TRY(tell_report(archive, flags.html, context));
  return 0;
}

struct GuardFlags {
  std::string experiment;
  std::string currency;
  std::int64_t planned = 10'000;
  bool stops = false;
};

// Those that run by their definition and were not stopped; or the one that was named, whatever it does.
Result<std::vector<assignment::Experiment>> watched(const GuardFlags& flags, log::Log& log,
                                                    const decisions::Standings& standings, const Context& context) {
  if (!flags.experiment.empty()) {
    HANDSEL_ASSIGN(auto one, find_experiment(context, log, flags.experiment));
    return std::vector{std::move(one)};
  }
  HANDSEL_ASSIGN(auto all, load_definitions(context));
  std::erase_if(all, [&](const assignment::Experiment& one) {
    const auto found = standings.find(one.name);
    return !one.is_running || (found != standings.end() && found->second.is_stopped);
  });
  return all;
}

// 1: a guard rail is broken.
Result<int> run_guard(const GuardFlags& flags, Context& context) {
  OpenLog open;  // beside a server, unless something may have to be written
  if (flags.stops) {
    HANDSEL_ASSIGN(open, open_to_decide(context, "checks guard rails by itself (engine.guard_every)"));
  } else {
    HANDSEL_ASSIGN(open.log, open_log_for_reading(context));
  }
  experiments::GuardRequest request;
  HANDSEL_ASSIGN(request.metrics_file, load_metrics(context, flags.currency));
  request.query_unit = query_unit();
  request.planned_units = static_cast<double>(flags.planned);
  if (std::ranges::none_of(request.metrics_file.metrics, [](const auto& metric) { return metric.guard.has_value(); })) {
    return fail(Code::kNotFound, "no metric is a guard rail; give one a guard in {}/metrics.toml, as in guard = 0.02",
                context.data);
  }
  HANDSEL_ASSIGN(const auto decided, decisions::read_experiment_decisions(*open.log));
  const decisions::Standings standings = decisions::standings_of(decided);
  HANDSEL_ASSIGN(const auto all, watched(flags, *open.log, standings, context));
  auto rows = nlohmann::json::array();
  std::string text = all.empty() ? "No experiment runs.\n" : "";
  bool broken = false;
  for (const assignment::Experiment& experiment : all) {
    request.experiment = experiment;
    HANDSEL_ASSIGN(request.listing_unit, listing_units(*open.log, experiment.unit));
    request.from_ms = guarded_from_ms(standings, experiment.name);
    const auto states = experiments::check_guards(events_of(*open.log, context.process.clock), request);
    if (!states) {
      text += fmt::format("{}: {}\n", experiment.name, states.error().message);
      rows.push_back({{"experiment", experiment.name}, {"problem", states.error().message}});
      continue;
    }
    for (const experiments::GuardState& state : *states) {
      text += fmt::format("{}: {} {}\n", experiment.name, state.is_broken ? "BROKEN" : "holds ", state.sentence());
      rows.push_back({{"experiment", experiment.name},
                      {"metric", state.metric},
                      {"arm", state.arm},
                      {"broken", state.is_broken},
                      {"sentence", state.sentence()}});
    }
    if (!experiments::any_broken(*states)) continue;
    broken = true;
    if (!flags.stops) continue;
    HANDSEL_TRY(decisions::put_experiment_decision(
        *open.log, guard_decision(experiment.name, *states, context.process.clock.now_ms())));
    text += fmt::format("{}: stopped; nobody gets a variant of it until 'experiment decide --decision resume'\n",
                        experiment.name);
  }
  context.print(context.json ? nlohmann::json{{"broken", broken}, {"guard_rails", rows}}.dump(
                                   -1, ' ', false, nlohmann::json::error_handler_t::replace) +
                                   "\n"
                             : text);
  return broken ? 1 : 0;
}

}  // namespace

Command experiment_decide_command() {
  return {.name = "experiment decide",
          .summary = "Write down what was decided about an experiment, by whom and why, with its numbers",
          .example =
              "handsel experiment decide --data shop --experiment gift-rail --decision ship --by Ada "
              "--why 'more orders, search unharmed'",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<DecideFlags>();
            declare_log_flags(flags, options->log);
            flags.word_of(options->decision, "--decision", "What was decided", kDecisions);
            flags.required_text(options->by, "--by", "Who decided");
            flags.required_text(options->why, "--why", "Why");
            flags.texts(options->metrics, "--metrics", "Whose numbers are kept with it; none: the usual ones");
            return [options](Context& context) { return run_decide(*options, context); };
          }};
}

Command experiment_archive_command() {
  return {.name = "experiment archive",
          .summary = "All that was decided about experiments, and what these come to together",
          .example = "handsel experiment archive --data shop --search 'rail search' --html archive.html",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<ArchiveFlags>();
            flags.texts(options->search, "--search", "Only those that have all these words, with commas between them");
            flags.text(options->html, "--html", "File for a page with plots");
            return [options](Context& context) { return run_archive(*options, context); };
          }};
}

Command experiment_guard_command() {
  return {.name = "experiment guard",
          .summary = "Has a running experiment done harm beyond its guard rails? Exit code 1 says yes",
          .example = "handsel experiment guard --data shop --stop",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<GuardFlags>();
            flags.text(options->experiment, "--experiment", "Only this one; none: all that run");
            flags.text(options->currency, "--currency", "Prices in this one count; 'any' adds them up as they are");
            flags.number(options->planned, "--planned-units", "Where the always-valid intervals are tightest",
                         {1, 1'000'000'000'000});
            flags.boolean(options->stops, "--stop", "Write down that what broke one is stopped");
            return [options](Context& context) { return run_guard(*options, context); };
          }};
}

}  // namespace handsel::cli

#include "app/cli/commands.h"
#include "app/cli/experiment_log.h"
#include "app/engine/listing_units.h"
#include "proof/reports/plan_report.h"

namespace handsel::cli {
namespace {

struct NewFlags {
  std::string metric;
  std::string change = "2%";
  std::string name = "my-experiment";
  std::string write;
  std::string currency;
  std::int64_t arms = 2;
  std::int64_t weeks = 8;
  experiments::PlanRequest request;
};

// "2%" or "0.02".
Result<double> parse_share(const std::string& text, std::string_view flag) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const std::string_view rest(end);
  if (text.empty() || end == text.c_str() || (!rest.empty() && rest != "%" && rest != " %")) {
    return fail(Code::kInvalidArgument, "{}: '{}' is no share; expected as in 2% or 0.02", flag, text);
  }
  return rest.empty() ? value : value / 100;
}

Result<int> run_new(const NewFlags& flags, Context& context) {
  experiments::PlanRequest request = flags.request;
  HANDSEL_ASSIGN(request.metrics_file, load_metrics(context, flags.currency));
  HANDSEL_ASSIGN(request.change, parse_share(flags.change, "--mde"));
  request.metric = flags.metric;
  request.arms = static_cast<std::size_t>(flags.arms);
  request.weeks = static_cast<std::size_t>(flags.weeks);
  request.query_unit = query_unit();
  const std::string skeleton = experiments::definition_skeleton(flags.name, request);
  HANDSEL_TRY(assignment::parse_definitions(skeleton, "--name"));
  HANDSEL_ASSIGN(const auto log, open_log_for_reading(context));
  HANDSEL_ASSIGN(request.listing_unit, listing_units(*log, request.unit));
  HANDSEL_ASSIGN(const auto plan, experiments::plan_experiment(events_of(*log, context.process.clock), request));
  context.print(context.json ? experiments::to_json(plan, request) : experiments::to_text(plan, request));
  if (!flags.write.empty()) {
    if (context.process.files.exists(flags.write)) {
      return fail(Code::kConflict, "{} is there already; it was left as it is", flags.write);
    }
    HANDSEL_TRY(context.process.files.write_file(flags.write, skeleton));
  }
  return 0;
}

}  // namespace

Command experiment_new_command() {
  return {.name = "experiment new",
          .summary = "Plan an experiment: how long it has to run to find a change, from your own history",
          .example = "handsel experiment new --data shop --metric gms.winsorised --mde 2% --write gift-rail.toml",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<NewFlags>();
            experiments::PlanRequest& request = options->request;
            flags.required_text(options->metric, "--metric", "What has to move; 'experiment metrics' lists them");
            flags.text(options->change, "--mde", "The change to find, relative: 2% or 0.02");
            flags.real(request.power, "--power", "Chance to find it");
            flags.real(request.alpha, "--alpha", "Chance of a false alarm");
            flags.real(request.share, "--share", "Of the units that take part");
            flags.number(options->arms, "--arms", "The control is one of them", {2, assignment::kVariantsMax});
            flags.number(options->weeks, "--weeks", "Longest duration to look at",
                         {1, static_cast<std::int64_t>(experiments::kPlannedWeeksMax)});
            flags.text(request.unit, "--unit", "visitor, user, session, query, listing, shop or taxonomy");
            flags.text(options->currency, "--currency", "Prices in this one count; 'any' adds them up as they are");
            flags.text(options->name, "--name", "What the experiment will be called");
            flags.text(options->write, "--write", "File for a definition to begin with");
            return [options](Context& context) { return run_new(*options, context); };
          }};
}

}  // namespace handsel::cli

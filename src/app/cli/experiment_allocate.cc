#include "app/cli/commands.h"
#include "app/cli/experiment_report.h"
#include "proof/reports/allocation_report.h"

namespace handsel::cli {
namespace {

struct AllocateFlags {
  std::string csv;
  std::string outcome_kind = "proportion";
  std::int64_t seed = 1;
  experiments::AllocationRequest request;
};

constexpr std::array<std::string_view, 2> kKinds = {"proportion", "mean"};

Result<int> run(const AllocateFlags& flags, Context& context) {
  experiments::AllocationRequest request = flags.request;
  request.options.outcome =
      flags.outcome_kind == "mean" ? assignment::Outcome::kMean : assignment::Outcome::kProportion;
  request.options.seed = static_cast<std::uint64_t>(flags.seed);
  HANDSEL_ASSIGN(const auto report, report_of_file(flags.csv, experiments::allocate_file, request));
  print_report(report, context);
  return 0;
}

}  // namespace

Command experiment_allocate_command() {
  return {.name = "experiment allocate",
          .summary = "Weights of the next period for a bandit (Thompson sampling), and what each arm is truly worth",
          .example =
              "handsel experiment allocate --csv units.csv --variant arm --outcome bought --period week "
              "--weight share",
          .uses = Uses::kNothing,
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<AllocateFlags>();
            experiments::AllocationRequest& request = options->request;
            assignment::AllocationOptions& wanted = request.options;
            flags.required_text(options->csv, "--csv", "CSV or TSV with a header, one row a unit; - is standard input");
            flags.required_text(request.variant, "--variant", "Column that names the arm");
            flags.required_text(request.outcome, "--outcome", "Column of the outcome; more is better");
            flags.text(request.period, "--period", "Column of the period; rows are in order of time");
            flags.text(request.weight, "--weight", "Column: the share with which the unit's arm was drawn");
            flags.text(request.control, "--control", "The control arm");
            flags.choice(options->outcome_kind, "--kind", "What the outcome is", kKinds);
            flags.real(wanted.floor, "--floor", "Least share of each arm");
            flags.real(wanted.prior_successes, "--prior-successes", "Of the Beta prior, for proportions");
            flags.real(wanted.prior_failures, "--prior-failures", "Likewise");
            flags.real(wanted.prior_mean, "--prior-mean", "Of the normal prior, for means");
            flags.real(wanted.prior_deviation, "--prior-sd", "Likewise; 0: as wide as the outcomes are");
            flags.number(options->seed, "--seed", "Of the draws", {0, 1'000'000'000});
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace handsel::cli

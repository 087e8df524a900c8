#include <algorithm>

#include "app/cli/commands.h"
#include "facts/catalog/import/byte_source.h"
#include "proof/reports/mediate_file.h"

namespace handsel::cli {
namespace {

constexpr std::array<std::string_view, 4> kScales = {"hc0", "hc1", "hc2", "hc3"};

struct MediationFlags {
  std::string csv;
  std::string scale = "hc0";
  std::string html;
  std::int64_t lags = 0;
  std::int64_t resamples = 0;
  std::int64_t seed = 1;
  experiments::MediationRequest request;
};

Result<int> run_mediation(const MediationFlags& flags, Context& context) {
  experiments::MediationRequest request = flags.request;
  request.lags = static_cast<std::size_t>(flags.lags);
  request.options.resamples = static_cast<std::size_t>(flags.resamples);
  request.options.seed = static_cast<std::uint64_t>(flags.seed);
  request.options.scale = static_cast<estimators::Scale>(std::ranges::find(kScales, flags.scale) - kScales.begin());
  HANDSEL_ASSIGN(const auto source, catalog::open_source(flags.csv));
  auto report = experiments::mediate_file(*source, request);
  if (!report) return fail(report.error().code, "{}: {}", flags.csv, report.error().message);
  if (!flags.html.empty()) HANDSEL_TRY(context.process.files.write_file(flags.html, experiments::to_html(*report)));
  context.print(context.json ? experiments::to_json(*report) : experiments::to_text(*report));
  return 0;
}

}  // namespace

Command experiment_mediation_command() {
  return {.name = "experiment mediation",
          .summary = "Split an experiment's effect into what went through a mediator and what did not",
          .example =
              "handsel experiment mediation --csv units.csv --treatment treated --mediator search_clicks "
              "--outcome revenue --covariates visits_before",
          .uses = Uses::kNothing,
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<MediationFlags>();
            experiments::MediationRequest& request = options->request;
            flags.required_text(options->csv, "--csv", "CSV or TSV with a header, one row a unit; - is standard input");
            flags.required_text(request.treatment, "--treatment", "Column: 0 or 1, or the name of the arm");
            flags.texts(request.mediators, "--mediator", "Columns of candidate mediators, separated by commas");
            flags.required_text(request.outcome, "--outcome", "Column of the outcome");
            flags.texts(request.covariates, "--covariates", "Columns of numbers from before the experiment");
            flags.texts(request.word_covariates, "--word-covariates", "Columns of words from before the experiment");
            flags.text(request.control, "--control", "The control arm, where the treatment is not 0 or 1");
            flags.text(request.treated, "--treated", "The treated arm");
            flags.boolean(request.classical, "--classical", "Show first what holds if there is no other mediator");
            flags.text(request.cluster, "--cluster", "Column: errors for clusters of rows");
            flags.number(options->lags, "--hac", "Errors for rows in order of time, so many rows apart", {0, 10'000});
            flags.choice(options->scale, "--hc", "Correction of errors for few rows", kScales);
            flags.real(request.options.confidence, "--confidence", "Of the intervals");
            flags.number(options->resamples, "--bootstrap", "Check the intervals with so many resamples",
                         {0, static_cast<std::int64_t>(mediation::kBootstrapMax)});
            flags.number(options->seed, "--seed", "Of the bootstrap", {0, 1'000'000'000});
            flags.text(options->html, "--html", "File for a page with the diagram");
            return [options](Context& context) { return run_mediation(*options, context); };
          }};
}

}  // namespace handsel::cli

#include <algorithm>

#include "app/cli/commands.h"
#include "app/cli/experiment_report.h"
#include "proof/reports/uplift_report.h"

namespace handsel::cli {
namespace {

constexpr std::array<std::string_view, 2> kLearners = {"t", "x"};

struct UpliftFlags {
  std::string csv;
  std::string html;
  std::string learner = "x";
  std::int64_t folds = 5;
  std::int64_t seed = 1;
  experiments::UpliftRequest request;
};

Result<int> run(const UpliftFlags& flags, Context& context) {
  experiments::UpliftRequest request = flags.request;
  request.options.learner =
      static_cast<estimators::UpliftLearner>(std::ranges::find(kLearners, flags.learner) - kLearners.begin());
  request.options.folds = static_cast<std::size_t>(flags.folds);
  request.options.seed = static_cast<std::uint64_t>(flags.seed);
  HANDSEL_ASSIGN(const auto report, report_of_file(flags.csv, experiments::uplift_file, request));
  HANDSEL_TRY(tell_report(report, flags.html, context));
  return 0;
}

}  // namespace

Command experiment_uplift_command() {
  return {.name = "experiment uplift",
          .summary = "Forecast whom a treatment moves most, and say whether the forecast is any good",
          .example =
              "handsel experiment uplift --csv units.csv --treatment treated --outcome revenue "
              "--features visits_before,spend_before",
          .uses = Uses::kNothing,
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<UpliftFlags>();
            experiments::UpliftRequest& request = options->request;
            flags.required_text(options->csv, "--csv", "CSV or TSV with a header, one row a unit; - is standard input");
            flags.required_text(request.treatment, "--treatment", "Column: 0 or 1, or the name of the arm");
            flags.required_text(request.outcome, "--outcome", "Column of the outcome");
            flags.texts(request.features, "--features", "Columns of numbers from before the experiment");
            flags.texts(request.word_features, "--words", "Columns of words from before the experiment");
            flags.text(request.control, "--control", "The control arm, where the column holds names");
            flags.text(request.treated, "--treated", "The treated arm");
            flags.choice(options->learner, "--learner", "T or X (Künzel et al. 2019)", kLearners);
            flags.number(options->folds, "--folds", "A unit's forecast is from the folds before its own", {2, 20});
            flags.number(options->seed, "--seed", "Of the folds", {0, 1'000'000'000});
            flags.text(options->html, "--html", "File for a page with plots");
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace handsel::cli

#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/experiment_log.h"
#include "app/cli/experiment_report.h"
#include "proof/reports/analyse_file.h"
#include "proof/reports/mediate_file.h"

namespace handsel::cli {
namespace {

constexpr std::array<std::string_view, 4> kScales = {"hc0", "hc1", "hc2", "hc3"};

// What both commands take: a file, or an experiment of a data folder.
Result<bool> is_from_log(const std::string& csv, const LogFlags& log, const Context& context) {
  if (csv.empty() == log.experiment.empty()) {
    return fail(Code::kInvalidArgument, "either --csv FILE, or --data DIR and --experiment NAME");
  }
  if (csv.empty() && context.data.empty()) return fail(Code::kInvalidArgument, "--experiment needs --data");
  return csv.empty();
}

Result<void> refuse_set(std::string_view where, const std::vector<std::pair<std::string_view, bool>>& flags) {
  for (const auto& [flag, is_set] : flags) {
    if (is_set) return fail(Code::kInvalidArgument, "{} is for {} alone", flag, where);
  }
  return {};
}

struct MediationFlags {
  std::string csv;
  LogFlags log;
  bool is_plain = false;
  std::string scale = "hc0";
  std::string html;
  std::int64_t lags = 0;
  std::int64_t resamples = 0;
  std::int64_t seed = 1;
  experiments::MediationRequest request;
};

Result<experiments::MediationReport> mediation_of_log(const MediationFlags& flags,
                                                      const experiments::MediationRequest& request,
                                                      const Context& context) {
  HANDSEL_TRY(refuse_set("--csv", {{"--treatment", !request.treatment.empty()},
                                   {"--covariates", !request.covariates.empty()},
                                   {"--word-covariates", !request.word_covariates.empty()},
                                   {"--control", !request.control.empty()},
                                   {"--cluster", !request.cluster.empty()},
                                   {"--hac", request.lags > 0}}));
  HANDSEL_ASSIGN(const auto log, open_log_for_reading(context));
  experiments::LogMediationRequest of{.log = {},
                                      .mediators = request.mediators,
                                      .outcome = request.outcome,
                                      .treated = request.treated,
                                      .is_adjusted = !flags.is_plain,
                                      .classical = request.classical,
                                      .options = request.options};
  HANDSEL_ASSIGN(of.log, log_request(context, *log, flags.log));
  return experiments::mediate_log(events_of(*log, context.process.clock), of);
}

Result<experiments::MediationReport> mediation_of_file(const MediationFlags& flags,
                                                       const experiments::MediationRequest& request) {
  if (request.treatment.empty()) return fail(Code::kInvalidArgument, "--csv needs --treatment");
  return report_of_file(flags.csv, experiments::mediate_file, request);
}

Result<int> run_mediation(const MediationFlags& flags, Context& context) {
  HANDSEL_ASSIGN(const bool from_log, is_from_log(flags.csv, flags.log, context));
  experiments::MediationRequest request = flags.request;
  request.lags = static_cast<std::size_t>(flags.lags);
  request.options.resamples = static_cast<std::size_t>(flags.resamples);
  request.options.seed = static_cast<std::uint64_t>(flags.seed);
  request.options.scale = static_cast<estimators::Scale>(std::ranges::find(kScales, flags.scale) - kScales.begin());
  const auto report = from_log ? mediation_of_log(flags, request, context) : mediation_of_file(flags, request);
  if (!report) return std::unexpected(report.error());
  HANDSEL_TRY(tell_report(*report, flags.html, context));
  return 0;
}

constexpr std::array<std::string_view, 3> kCorrections = {"none", "holm", "bh"};
constexpr std::array<std::string_view, 2> kSpendings = {"obrien-fleming", "pocock"};
constexpr std::string_view kNoFunnel = "none";

struct AnalyzeFlags {
  std::string csv;
  LogFlags log;
  bool is_plain = false;
  std::int64_t novelty_days = 7;
  std::string html;
  std::vector<std::string> metrics;
  std::vector<std::string> expected;
  std::vector<std::string> cuped;
  std::vector<std::string> adjust;
  std::vector<std::string> own_covariates;
  std::vector<std::string> funnel;
  std::string correction = "holm";
  std::string spending = "obrien-fleming";
  std::int64_t look = 0;
  std::int64_t looks = 0;
  std::int64_t planned = 10'000;
  std::int64_t quantile_resamples = 0;
  std::int64_t seed = 1;
  experiments::AnalysisRequest request;
};

Result<double> parse_share(const std::string& word) {
  char* end = nullptr;
  const double value = std::strtod(word.c_str(), &end);
  if (word.empty() || *end != '\0') return fail(Code::kInvalidArgument, "--expected: '{}' is not a number", word);
  return value;
}

Result<void> take_covariates(const AnalyzeFlags& flags, experiments::AnalysisRequest& request) {
  const bool is_cuped = !flags.cuped.empty() || !flags.own_covariates.empty();
  if (is_cuped && !flags.adjust.empty()) {
    return fail(Code::kInvalidArgument, "--adjust excludes --cuped and --covariate");
  }
  if (is_cuped) request.adjustment = estimators::Adjustment::kCuped;
  if (!flags.adjust.empty()) request.adjustment = estimators::Adjustment::kRegression;
  request.covariates = is_cuped ? flags.cuped : flags.adjust;
  for (const std::string& pair : flags.own_covariates) {
    const std::size_t equals = pair.rfind('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size()) {
      return fail(Code::kInvalidArgument, "--covariate: expected METRIC=COLUMN, found '{}'", pair);
    }
    request.metric_covariate[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return {};
}

Result<experiments::AnalysisRequest> request_of(const AnalyzeFlags& flags) {
  experiments::AnalysisRequest request = flags.request;
  for (const std::string& word : flags.expected) {
    HANDSEL_ASSIGN(const double share, parse_share(word));
    request.expected.push_back(share);
  }
  HANDSEL_TRY(take_covariates(flags, request));
  if (flags.funnel.size() != 1 || flags.funnel.front() != kNoFunnel) request.funnel = flags.funnel;
  request.correction =
      static_cast<estimators::Correction>(std::ranges::find(kCorrections, flags.correction) - kCorrections.begin());
  request.group = {.look = static_cast<std::size_t>(flags.looks == 0 ? 0 : std::max<std::int64_t>(1, flags.look)),
                   .looks = static_cast<std::size_t>(flags.looks),
                   .spending = static_cast<estimators::Spending>(std::ranges::find(kSpendings, flags.spending) -
                                                                 kSpendings.begin())};
  request.quantile_resamples = static_cast<std::size_t>(flags.quantile_resamples);
  request.planned_units = static_cast<double>(flags.planned);
  request.seed = static_cast<std::uint64_t>(flags.seed);
  return request;
}

Result<experiments::AnalysisReport> analysis_of_log(const AnalyzeFlags& flags,
                                                    const experiments::AnalysisRequest& request,
                                                    const Context& context) {
  HANDSEL_TRY(refuse_set("--csv", {{"--unit", !request.unit.empty()},
                                   {"--variant", !request.variant.empty()},
                                   {"--control", !request.control.empty()},
                                   {"--expected", !request.expected.empty()},
                                   {"--cuped", !flags.cuped.empty()},
                                   {"--covariate", !flags.own_covariates.empty()},
                                   {"--adjust", !flags.adjust.empty()},
                                   {"--pre", !request.pre.empty()},
                                   {"--cluster", !request.cluster.empty()},
                                   {"--day", !request.day.empty()}}));
  HANDSEL_ASSIGN(const auto log, open_log_for_reading(context));
  experiments::LogAnalysisRequest of{.log = {},
                                     .metrics = flags.metrics,
                                     .is_adjusted = !flags.is_plain,
                                     .novelty_days = static_cast<std::size_t>(flags.novelty_days),
                                     .has_usual_funnel = flags.funnel.empty(),
                                     .analysis = request};
  HANDSEL_ASSIGN(of.log, log_request(context, *log, flags.log));
  if (of.metrics.empty()) of.metrics = usual_metrics(context, of.log.metrics_file);
  return experiments::analyse_log(events_of(*log, context.process.clock), of);
}

Result<experiments::AnalysisReport> analysis_of_file(const AnalyzeFlags& flags, experiments::AnalysisRequest request) {
  if (request.variant.empty()) return fail(Code::kInvalidArgument, "--csv needs --variant");
  for (const std::string& text : flags.metrics) {
    HANDSEL_ASSIGN(auto metric, experiments::parse_metric(text));
    request.metrics.push_back(std::move(metric));
  }
  return report_of_file(flags.csv, experiments::analyse_file, request);
}

// 1 where a check that stops has failed: the answer is that there is no answer.
Result<int> run_analyze(const AnalyzeFlags& flags, Context& context) {
  HANDSEL_ASSIGN(const bool from_log, is_from_log(flags.csv, flags.log, context));
  HANDSEL_ASSIGN(const auto request, request_of(flags));
  const auto report = from_log ? analysis_of_log(flags, request, context) : analysis_of_file(flags, request);
  if (!report) return std::unexpected(report.error());
  HANDSEL_TRY(tell_report(*report, flags.html, context));
  return report->analysis.may_be_read() ? 0 : 1;
}

void declare_design(Flags& flags, AnalyzeFlags& options) {
  experiments::AnalysisRequest& request = options.request;
  declare_log_flags(flags, options.log);
  flags.boolean(options.is_plain, "--plain", "Of the log: not adjusted by what units did before (CUPED)");
  flags.number(options.novelty_days, "--novelty-days", "Of the log: the first metric's effect by day since exposure",
               {0, static_cast<std::int64_t>(experiments::kNoveltyDaysMax)});
  flags.text(options.csv, "--csv",
             "Instead of --experiment: CSV or TSV with a header, one row a unit; - is standard input");
  flags.text(request.unit, "--unit", "Column that names the unit; none: every row is one");
  flags.text(request.variant, "--variant", "Column that names the arm");
  flags.texts(options.metrics, "--metrics",
              "Of the log: names, as 'experiment metrics' lists them; of a file as in "
              "spend,proportion:visit,ratio:clicks/visits,quantile:latency:0.9,winsorised:spend:0.99");
  flags.text(request.control, "--control", "The control arm");
  flags.texts(options.expected, "--expected", "Planned shares of the arms, the control's first, the others by name");
  flags.text(request.strata, "--strata", "Column of strata");
  flags.text(request.cluster, "--cluster", "Column: errors for clusters of rows");
  flags.texts(options.cuped, "--cuped", "Columns from before the experiment that take out variance (CUPED)");
  flags.texts(options.own_covariates, "--covariate", "The same for one metric: METRIC=COLUMN");
  flags.texts(options.adjust, "--adjust", "The same by regression with interactions (Lin 2013)");
  flags.texts(request.pre, "--pre", "Columns from before the experiment, to compare between arms only");
}

void declare_reading(Flags& flags, AnalyzeFlags& options) {
  experiments::AnalysisRequest& request = options.request;
  flags.real(request.alpha, "--alpha", "Chance of a false alarm");
  flags.choice(options.correction, "--correction", "Over metrics and arms", kCorrections);
  flags.number(options.quantile_resamples, "--quantile-bootstrap",
               "Errors of quantiles by so many resamples of the units or clusters; 0: by order statistics",
               {0, 100'000});
  flags.boolean(request.sequential, "--sequential", "Always-valid intervals: look as often as you like");
  flags.number(options.planned, "--planned-units", "Where these intervals are tightest", {1, 1'000'000'000'000});
  flags.number(options.looks, "--looks", "Group-sequential: looks planned, evenly", {0, 100});
  flags.number(options.look, "--look", "Which of them this is", {0, 100});
  flags.choice(options.spending, "--spending", "How alpha is spent over the looks", kSpendings);
  flags.boolean(request.bayes, "--bayes", "Posteriors, with the prior stated");
  flags.real(request.prior_deviation, "--prior-sd", "Of the prior, in standard deviations of the control");
  flags.texts(request.segments, "--segments", "Columns of segments; of the log: newness, hour, surface");
  flags.texts(
      options.funnel, "--funnel",
      "Steps in order: metrics of the log (without it: searches,clicks,carts,orders) or columns; none: no funnel");
  flags.text(request.day, "--day", "Column with the number of the day, for the path and novelty");
  flags.number(options.seed, "--seed", "Of the honest split", {0, 1'000'000'000});
  flags.text(options.html, "--html", "File for a page with plots");
}

std::string metrics_json(const experiments::MetricsFile& file) {
  auto names = nlohmann::json::array();
  for (const experiments::EventMetric& metric : file.metrics) {
    nlohmann::json entry = {{"name", metric.name}, {"better", metric.more_is_better ? "more" : "less"}};
    if (metric.guard) entry["guard"] = *metric.guard;
    names.push_back(std::move(entry));
  }
  return nlohmann::json{{"currency", file.currency}, {"metrics", names}}.dump() + "\n";
}

}  // namespace

Command experiment_analyze_command() {
  return {.name = "experiment analyze",
          .summary = "Compare the arms of an A/B test, from the log or a file: checks first, then every metric",
          .example =
              "handsel experiment analyze --data shop --experiment gift-rail --html report.html\n"
              "  handsel experiment analyze --csv units.csv --unit visitor --variant arm --control off "
              "--metrics revenue,proportion:bought --cuped revenue_before",
          .uses = Uses::kDataMaybe,
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<AnalyzeFlags>();
            declare_design(flags, *options);
            declare_reading(flags, *options);
            return [options](Context& context) { return run_analyze(*options, context); };
          }};
}

Command experiment_metrics_command() {
  return {.name = "experiment metrics",
          .summary = "List what is measured: the metrics of DIR/metrics.toml, or the built-in ones",
          .example = "handsel experiment metrics --data shop",
          .declare = [](Flags&) -> Action {
            return [](Context& context) -> Result<int> {
              HANDSEL_ASSIGN(const auto file, load_metrics(context, ""));
              const std::string path = context.data + "/metrics.toml";
              std::string text(experiments::default_metrics_toml());
              if (context.process.files.exists(path)) {
                HANDSEL_ASSIGN(text, context.process.files.read_file(path));
              }
              context.print(context.json ? metrics_json(file) : text);
              return 0;
            };
          }};
}

Command experiment_mediation_command() {
  return {.name = "experiment mediation",
          .summary = "Split an experiment's effect into what went through a mediator and what did not",
          .example =
              "handsel experiment mediation --data shop --experiment gift-rail --mediator search.clicks --outcome gms\n"
              "  handsel experiment mediation --csv units.csv --treatment treated --mediator search_clicks "
              "--outcome revenue --covariates visits_before",
          .uses = Uses::kDataMaybe,
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<MediationFlags>();
            experiments::MediationRequest& request = options->request;
            declare_log_flags(flags, options->log);
            flags.boolean(options->is_plain, "--plain", "Of the log: without covariates from before the exposure");
            flags.text(options->csv, "--csv",
                       "Instead of --experiment: CSV or TSV with a header, one row a unit; - is standard input");
            flags.text(request.treatment, "--treatment", "Column: 0 or 1, or the name of the arm");
            flags.texts(request.mediators, "--mediator",
                        "Candidate mediators, separated by commas: metrics of the log, or columns");
            flags.required_text(request.outcome, "--outcome", "The outcome: a metric of the log, or a column");
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

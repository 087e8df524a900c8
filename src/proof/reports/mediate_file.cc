#include "proof/reports/mediate_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "proof/reports/two_arms.h"

namespace handsel::experiments {
namespace {

Result<MediatorResult> analyse(const std::string& name, const mediation::Input& input, mediation::Options options) {
  MediatorResult result{.mediator = name};
  const auto run = [&](bool interaction) {
    options.interaction = interaction;
    return mediation::mediate(input, options);
  };
  HANDSEL_ASSIGN(result.generalised, run(true));
  HANDSEL_ASSIGN(result.classical, run(false));
  if (auto range = mediation::sensitivity(input, options)) result.sensitivity = std::move(*range);
  return result;
}

Result<void> check(const MediationRequest& request) {
  if (request.mediators.empty() || request.mediators.size() > kMediatorsMax) {
    return fail(Code::kInvalidArgument, "{} mediators; between 1 and {} can be analysed", request.mediators.size(),
                kMediatorsMax);
  }
  if (!request.cluster.empty() && request.lags > 0) {
    return fail(Code::kInvalidArgument, "--cluster and --hac exclude each other");
  }
  std::vector<std::string> names = request.mediators;
  names.insert(names.end(), request.covariates.begin(), request.covariates.end());
  names.insert(names.end(), request.word_covariates.begin(), request.word_covariates.end());
  names.push_back(request.outcome);
  names.push_back(request.treatment);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice != names.end()) {
    return fail(Code::kInvalidArgument, "column '{}' is named twice; each has one part to play", *twice);
  }
  return {};
}

Result<UnitTable> read(catalog::ByteSource& source, const MediationRequest& request) {
  std::vector<std::string> numbers = request.mediators;
  numbers.push_back(request.outcome);
  numbers.insert(numbers.end(), request.covariates.begin(), request.covariates.end());
  std::vector<std::string> words = {request.treatment};
  words.insert(words.end(), request.word_covariates.begin(), request.word_covariates.end());
  if (!request.cluster.empty() && std::ranges::find(words, request.cluster) == words.end()) {
    words.push_back(request.cluster);
  }
  return read_unit_table(source, numbers, words);
}

}  // namespace

Result<MediationReport> mediate_table(const UnitTable& table, const std::string& source,
                                      const MediationRequest& request) {
  HANDSEL_TRY(check(request));
  const WordColumn& treatment = *table.word(request.treatment);
  HANDSEL_ASSIGN(const TwoArms arms, two_arms(treatment, {request.control, request.treated}));
  const ArmSample sample = sample_of(table, treatment, arms, request.cluster);

  MediationReport report{.source = source,
                         .treatment = request.treatment,
                         .control_label = treatment.labels[arms.control],
                         .treated_label = treatment.labels[arms.treated],
                         .outcome = request.outcome,
                         .covariates = request.covariates,
                         .confidence = request.options.confidence,
                         .classical = request.classical,
                         .errors = "independent units",
                         .rows_read = table.rows,
                         .rows_incomplete = sample.incomplete,
                         .rows_other_arms = sample.other_arms,
                         .mediators = {}};
  report.covariates.insert(report.covariates.end(), request.word_covariates.begin(), request.word_covariates.end());
  mediation::Options options = request.options;
  if (!request.cluster.empty()) {
    options.dependence = {.kind = estimators::Dependence::Kind::kClusters, .clusters = sample.clusters};
    report.errors = fmt::format("clusters of {}", request.cluster);
  } else if (request.lags > 0) {
    options.dependence = {.kind = estimators::Dependence::Kind::kSeries, .lags = request.lags};
    report.errors = fmt::format("a series, up to {} rows apart (Newey-West)", request.lags);
  }

  std::vector<Covariate> covariates;
  for (const std::string& name : request.covariates)
    covariates.push_back({name, pick(table.number(name)->values, sample.rows)});
  for (const std::string& name : request.word_covariates)
    HANDSEL_TRY(add_levels(*table.word(name), sample.rows, covariates));
  const std::vector<double> outcome = pick(table.number(request.outcome)->values, sample.rows);
  for (const std::string& name : request.mediators) {
    const std::vector<double> mediator = pick(table.number(name)->values, sample.rows);
    mediation::Input input{.treatment = sample.treatment, .mediator = mediator, .outcome = outcome, .covariates = {}};
    for (const Covariate& covariate : covariates) input.covariates.push_back({covariate.name, covariate.values});
    auto result = analyse(name, input, options);
    if (!result) return fail(result.error().code, "mediator '{}': {}", name, result.error().message);
    report.mediators.push_back(std::move(*result));
  }
  return report;
}

Result<MediationReport> mediate_file(catalog::ByteSource& source, const MediationRequest& request) {
  HANDSEL_TRY(check(request));
  HANDSEL_ASSIGN(const UnitTable table, read(source, request));
  return mediate_table(table, source.name(), request);
}

}  // namespace handsel::experiments

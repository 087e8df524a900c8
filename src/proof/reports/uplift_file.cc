#include <algorithm>

#include "proof/reports/two_arms.h"
#include "proof/reports/uplift_report.h"

namespace handsel::experiments {
namespace {

Result<void> check(const UpliftRequest& request) {
  std::vector<std::string> names = request.features;
  names.insert(names.end(), request.word_features.begin(), request.word_features.end());
  if (names.empty()) return fail(Code::kInvalidArgument, "name the columns to forecast from, with --features");
  names.push_back(request.outcome);
  names.push_back(request.treatment);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice == names.end()) return {};
  return fail(Code::kInvalidArgument, "column '{}' is named twice; each has one part to play", *twice);
}

Result<UnitTable> read(catalog::ByteSource& source, const UpliftRequest& request) {
  std::vector<std::string> numbers = request.features;
  numbers.push_back(request.outcome);
  std::vector<std::string> words = request.word_features;
  words.push_back(request.treatment);
  return read_unit_table(source, numbers, words);
}

}  // namespace

Result<UpliftReport> uplift_file(catalog::ByteSource& source, const UpliftRequest& request) {
  HANDSEL_TRY(check(request));
  HANDSEL_ASSIGN(const UnitTable table, read(source, request));
  const WordColumn& treatment = *table.word(request.treatment);
  HANDSEL_ASSIGN(const TwoArms arms, two_arms(treatment, {request.control, request.treated}));
  const ArmSample sample = sample_of(table, treatment, arms, "");
  UpliftReport report{.source = source.name(),
                      .request = request,
                      .control_label = treatment.labels[arms.control],
                      .treated_label = treatment.labels[arms.treated],
                      .rows_read = table.rows,
                      .rows_incomplete = sample.incomplete,
                      .rows_other_arms = sample.other_arms,
                      .features = {},
                      .uplift = {}};
  std::vector<Covariate> features;
  for (const std::string& name : request.features)
    features.push_back({name, pick(table.number(name)->values, sample.rows)});
  for (const std::string& name : request.word_features)
    HANDSEL_TRY(add_levels(*table.word(name), sample.rows, features));
  const std::vector<double> outcome = pick(table.number(request.outcome)->values, sample.rows);
  estimators::UpliftInput input{.treatment = sample.treatment, .outcome = outcome, .features = {}};
  for (const Covariate& feature : features) {
    report.features.push_back(feature.name);
    input.features.push_back({feature.name, feature.values});
  }
  HANDSEL_ASSIGN(report.uplift, estimators::uplift_of(input, request.options));
  return report;
}

}  // namespace handsel::experiments

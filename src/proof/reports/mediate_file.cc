#include "proof/reports/mediate_file.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "proof/metrics/unit_table.h"

namespace handsel::experiments {
namespace {

// What is left of the table: rows of both arms with nothing missing.
struct Sample {
  std::vector<double> treatment;
  std::vector<std::size_t> rows;  // of the table
  std::vector<std::uint32_t> clusters;
  std::size_t incomplete = 0;
  std::size_t other_arms = 0;
};

struct Arms {
  std::uint32_t control;
  std::uint32_t treated;
};

Result<std::uint32_t> arm_called(const WordColumn& column, const std::string& label) {
  const auto found = std::ranges::find(column.labels, label);
  if (found == column.labels.end()) {
    constexpr std::ptrdiff_t kShownMax = 10;
    const auto end = column.labels.begin() + std::min<std::ptrdiff_t>(kShownMax, std::ssize(column.labels));
    return fail(Code::kNotFound, "column '{}' never says '{}'; it says: {}", column.name, label,
                fmt::join(column.labels.begin(), end, ", "));
  }
  return static_cast<std::uint32_t>(found - column.labels.begin());
}

// The label that stands for `value`, however the file writes it ("1", "1.0").
Result<std::uint32_t> arm_equal(const WordColumn& column, double value) {
  for (std::size_t i = 0; i < column.labels.size(); ++i) {
    char* end = nullptr;
    const double number = std::strtod(column.labels[i].c_str(), &end);
    if (*end == '\0' && number == value) return static_cast<std::uint32_t>(i);
  }
  return fail(Code::kNotFound, "column '{}' never says {}; name the arms with --control and --treated", column.name,
              value);
}

Result<Arms> arms_of(const WordColumn& column, const MediationRequest& request) {
  if (request.control.empty() != request.treated.empty()) {
    return fail(Code::kInvalidArgument, "--control and --treated belong together");
  }
  Arms arms{};
  if (request.control.empty()) {
    if (column.labels.size() > 2) {
      return fail(Code::kInvalidData, "column '{}' has {} arms; choose two with --control and --treated", column.name,
                  column.labels.size());
    }
    HANDSEL_ASSIGN(arms.control, arm_equal(column, 0));
    HANDSEL_ASSIGN(arms.treated, arm_equal(column, 1));
  } else {
    HANDSEL_ASSIGN(arms.control, arm_called(column, request.control));
    HANDSEL_ASSIGN(arms.treated, arm_called(column, request.treated));
    if (arms.control == arms.treated) return fail(Code::kInvalidArgument, "--control and --treated are the same arm");
  }
  return arms;
}

bool is_complete(const UnitTable& table, std::size_t row) {
  for (const NumberColumn& column : table.numbers)
    if (std::isnan(column.values[row])) return false;
  for (const WordColumn& column : table.words)
    if (column.codes[row] == WordColumn::kMissing) return false;
  return true;
}

Sample sample_of(const UnitTable& table, const WordColumn& treatment, const Arms& arms, const std::string& cluster) {
  Sample sample;
  const WordColumn* clusters = cluster.empty() ? nullptr : table.word(cluster);
  std::unordered_map<std::uint32_t, std::uint32_t> dense;  // clusters that are left out leave no hole
  for (std::size_t row = 0; row < table.rows; ++row) {
    if (!is_complete(table, row)) {
      ++sample.incomplete;
    } else if (treatment.codes[row] != arms.control && treatment.codes[row] != arms.treated) {
      ++sample.other_arms;
    } else {
      sample.rows.push_back(row);
      sample.treatment.push_back(treatment.codes[row] == arms.treated ? 1 : 0);
      if (clusters != nullptr) {
        sample.clusters.push_back(
            dense.try_emplace(clusters->codes[row], static_cast<std::uint32_t>(dense.size())).first->second);
      }
    }
  }
  return sample;
}

std::vector<double> pick(const std::vector<double>& values, std::span<const std::size_t> rows) {
  std::vector<double> out;
  out.reserve(rows.size());
  for (const std::size_t row : rows) out.push_back(values[row]);
  return out;
}

struct Covariate {
  std::string name;
  std::vector<double> values;
};

Result<void> add_levels(const WordColumn& column, std::span<const std::size_t> rows, std::vector<Covariate>& to) {
  std::vector<std::uint32_t> levels;
  for (const std::size_t row : rows) {
    if (std::ranges::find(levels, column.codes[row]) != levels.end()) continue;
    if (levels.size() == kLevelsMax) {
      return fail(Code::kTooLarge, "covariate '{}' has more than {} levels", column.name, kLevelsMax);
    }
    levels.push_back(column.codes[row]);
  }
  for (std::size_t i = 1; i < levels.size(); ++i) {
    Covariate covariate{.name = fmt::format("{}={}", column.name, column.labels[levels[i]]), .values = {}};
    for (const std::size_t row : rows) covariate.values.push_back(column.codes[row] == levels[i] ? 1 : 0);
    to.push_back(std::move(covariate));
  }
  return {};
}

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

Result<MediationReport> mediate_file(catalog::ByteSource& source, const MediationRequest& request) {
  HANDSEL_TRY(check(request));
  HANDSEL_ASSIGN(const UnitTable table, read(source, request));
  const WordColumn& treatment = *table.word(request.treatment);
  HANDSEL_ASSIGN(const Arms arms, arms_of(treatment, request));
  const Sample sample = sample_of(table, treatment, arms, request.cluster);

  MediationReport report{.source = source.name(),
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

}  // namespace handsel::experiments

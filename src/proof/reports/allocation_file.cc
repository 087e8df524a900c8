#include <algorithm>
#include <cmath>
#include <tuple>

#include "proof/assignment/experiment.h"
#include "proof/metrics/unit_table.h"
#include "proof/reports/allocation_report.h"

namespace handsel::experiments {
namespace {

using assignment::Period;
using assignment::PeriodArm;

std::vector<std::string> arms_of(const WordColumn& variant, const std::string& control) {
  std::vector<std::string> arms = variant.labels;
  std::ranges::sort(arms, {}, [&](const std::string& name) {
    return std::tuple(name != control, control.empty() && name != "control", name);
  });
  return arms;
}

bool is_complete(const UnitTable& table, std::size_t row) {
  return std::ranges::none_of(table.numbers, [&](const NumberColumn& c) { return std::isnan(c.values[row]); }) &&
         std::ranges::none_of(table.words, [&](const WordColumn& c) { return c.codes[row] == WordColumn::kMissing; });
}

// Sums about the values' own means (Welford 1962): no digits are lost to large means.
void add(PeriodArm& arm, double value) {
  arm.units += 1;
  const double step = value - arm.mean;
  arm.mean += step / arm.units;
  arm.variance += step * (value - arm.mean);  // squares, until finish()
}

// Shares as observed, or what one arm alone leaves over where its weight never appears.
void finish(Period& period, bool has_weights) {
  double units = 0;
  for (PeriodArm& arm : period) {
    units += arm.units;
    if (arm.units > 0) arm.variance /= arm.units;
  }
  double known = 0;
  std::size_t unseen = 0;
  for (PeriodArm& arm : period) {
    if (!has_weights) arm.share = units > 0 ? arm.units / units : 0;
    known += arm.share;
    unseen += arm.units == 0;
  }
  for (PeriodArm& arm : period)
    if (has_weights && arm.units == 0) arm.share = std::max(0.0, 1 - known) / static_cast<double>(unseen);
}

Result<void> check_columns(const AllocationRequest& request) {
  std::vector<std::string> names = {request.variant, request.outcome};
  if (!request.period.empty()) names.push_back(request.period);
  if (!request.weight.empty()) names.push_back(request.weight);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice == names.end()) return {};
  return fail(Code::kInvalidArgument, "column '{}' is named twice; each has one part to play", *twice);
}

Result<UnitTable> read(catalog::ByteSource& source, const AllocationRequest& request) {
  std::vector<std::string> numbers = {request.outcome};
  if (!request.weight.empty()) numbers.push_back(request.weight);
  std::vector<std::string> words = {request.variant};
  if (!request.period.empty()) words.push_back(request.period);
  return read_unit_table(source, numbers, words);
}

Result<std::vector<Period>> periods_of(const UnitTable& table, AllocationReport& report) {
  const AllocationRequest& request = report.request;
  const WordColumn& variant = *table.word(request.variant);
  const WordColumn* period = request.period.empty() ? nullptr : table.word(request.period);
  const NumberColumn* weight = request.weight.empty() ? nullptr : table.number(request.weight);
  const std::vector<double>& outcome = table.number(request.outcome)->values;
  std::vector<std::size_t> arm_of;
  for (const std::string& label : variant.labels)
    arm_of.push_back(static_cast<std::size_t>(std::ranges::find(report.arms, label) - report.arms.begin()));
  std::vector<Period> periods(period != nullptr ? period->labels.size() : 1, Period(report.arms.size()));
  for (std::size_t row = 0; row < table.rows; ++row) {
    if (!is_complete(table, row)) {
      ++report.rows_incomplete;
      continue;
    }
    const std::size_t at = period != nullptr ? period->codes[row] : 0;
    PeriodArm& arm = periods[at][arm_of[variant.codes[row]]];
    if (weight != nullptr) {
      if (arm.units > 0 && arm.share != weight->values[row]) {
        return fail(Code::kInvalidData, "row {}: a weight of {} and before it one of {}, in one arm and period",
                    row + 1, weight->values[row], arm.share);
      }
      arm.share = weight->values[row];
    }
    add(arm, outcome[row]);
  }
  std::erase_if(periods, [](const Period& p) {
    return std::ranges::all_of(p, [](const PeriodArm& arm) { return arm.units == 0; });
  });
  for (Period& one : periods) finish(one, weight != nullptr);
  return periods;
}

}  // namespace

Result<AllocationReport> allocate_file(catalog::ByteSource& source, const AllocationRequest& request) {
  HANDSEL_TRY(check_columns(request));
  HANDSEL_ASSIGN(const UnitTable table, read(source, request));
  const WordColumn& variant = *table.word(request.variant);
  if (!request.control.empty() && std::ranges::find(variant.labels, request.control) == variant.labels.end()) {
    return fail(Code::kNotFound, "column '{}' never says '{}'", request.variant, request.control);
  }
  if (variant.labels.size() > assignment::kVariantsMax) {
    return fail(Code::kTooLarge, "column '{}' has {} values; {} arms are possible", request.variant,
                variant.labels.size(), assignment::kVariantsMax);
  }
  AllocationReport report{.source = source.name(),
                          .request = request,
                          .arms = arms_of(variant, request.control),
                          .rows_read = table.rows,
                          .allocation = {}};
  HANDSEL_ASSIGN(const auto periods, periods_of(table, report));
  report.periods = periods.size();
  HANDSEL_ASSIGN(report.allocation, assignment::allocate(periods, request.options));
  return report;
}

}  // namespace handsel::experiments

#include "proof/reports/two_arms.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace handsel::experiments {
namespace {

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

}  // namespace

Result<TwoArms> two_arms(const WordColumn& column, const ArmNames& names) {
  if (names.control.empty() != names.treated.empty()) {
    return fail(Code::kInvalidArgument, "--control and --treated belong together");
  }
  TwoArms arms{};
  if (names.control.empty()) {
    if (column.labels.size() > 2) {
      return fail(Code::kInvalidData, "column '{}' has {} arms; choose two with --control and --treated", column.name,
                  column.labels.size());
    }
    HANDSEL_ASSIGN(arms.control, arm_equal(column, 0));
    HANDSEL_ASSIGN(arms.treated, arm_equal(column, 1));
  } else {
    HANDSEL_ASSIGN(arms.control, arm_called(column, names.control));
    HANDSEL_ASSIGN(arms.treated, arm_called(column, names.treated));
    if (arms.control == arms.treated) return fail(Code::kInvalidArgument, "--control and --treated are the same arm");
  }
  return arms;
}

namespace {

bool is_complete(const UnitTable& table, std::size_t row) {
  return std::ranges::none_of(table.numbers,
                              [&](const NumberColumn& column) { return std::isnan(column.values[row]); }) &&
         std::ranges::none_of(table.words,
                              [&](const WordColumn& column) { return column.codes[row] == WordColumn::kMissing; });
}

}  // namespace

ArmSample sample_of(const UnitTable& table, const WordColumn& treatment, const TwoArms& arms,
                    const std::string& cluster) {
  ArmSample sample;
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

}  // namespace handsel::experiments

// Two arms of a table, and the rows of theirs in which nothing is missing: what mediation and uplift compute on. For
// this room only. Pure; one thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/core/result.h"
#include "proof/metrics/unit_table.h"

namespace handsel::experiments {

// A column of words becomes one 0/1 column for each of them but the first.
inline constexpr std::size_t kLevelsMax = 50;

// Labels of the arms; both empty: 0 and 1.
struct ArmNames {
  std::string control;
  std::string treated;
};

struct TwoArms {
  std::uint32_t control = 0;  // codes of the column
  std::uint32_t treated = 0;
};

// kNotFound, kInvalidArgument, kInvalidData say which label is missing, or that two have to be chosen.
Result<TwoArms> two_arms(const WordColumn& column, const ArmNames& names);

// What is left of the table: rows of both arms with nothing missing in any column.
struct ArmSample {
  std::vector<double> treatment;        // 1: treated
  std::vector<std::size_t> rows;        // of the table
  std::vector<std::uint32_t> clusters;  // dense; empty without a column of clusters
  std::size_t incomplete = 0;
  std::size_t other_arms = 0;
};
ArmSample sample_of(const UnitTable& table, const WordColumn& treatment, const TwoArms& arms,
                    const std::string& cluster);

std::vector<double> pick(const std::vector<double>& values, std::span<const std::size_t> rows);

struct Covariate {
  std::string name;
  std::vector<double> values;
};
// kTooLarge: more than kLevelsMax words.
Result<void> add_levels(const WordColumn& column, std::span<const std::size_t> rows, std::vector<Covariate>& to);

}  // namespace handsel::experiments

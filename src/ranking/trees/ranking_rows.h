// What a ranker learns from: rows of features, in groups of one search each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/core/result.h"

namespace handsel::trees {

inline constexpr std::size_t kRowsMax = 20'000'000;
inline constexpr std::size_t kGroupRowsMax = 10'000;
inline constexpr double kGainMax = 2147483647;  // 2^31 - 1: grade 31
inline constexpr float kOffsetMax = 100;

struct RankingRows {
  std::vector<std::string> features;  // names of the columns
  std::vector<float> values;          // rows x columns; NaN: not known
  std::vector<float> gains;           // of each row: what finding it is worth, 0..kGainMax; only a group's own compare
  std::vector<float> weights;         // of each row, >= 0; a pair weighs the product. Empty: all 1
  // Of each row, what is added to its score while learning and is no part of what is learned: the
  // log of how likely its place was looked at. Empty: all 0.
  std::vector<float> offsets;
  std::vector<std::uint8_t> unseen;  // of each row, 1 where it was a candidate and was not shown. Empty: all were
  std::vector<std::size_t> ends;     // of each group the row after its last; growing

  std::size_t rows() const { return gains.size(); }
  std::size_t groups() const { return ends.size(); }
  std::size_t begin_of(std::size_t group) const { return group == 0 ? 0 : ends[group - 1]; }
  std::size_t size_of(std::size_t group) const { return ends[group] - begin_of(group); }
  bool was_shown(std::size_t index) const { return unseen.empty() || unseen[index] == 0; }
  float offset(std::size_t index) const { return offsets.empty() ? 0 : offsets[index]; }
  std::span<const float> row(std::size_t index) const {
    return std::span(values).subspan(index * features.size(), features.size());
  }
};

// kInvalidArgument, naming what is wrong: sizes that do not agree, gains or weights out of
// range. kTooLarge: over a limit.
Result<void> check(const RankingRows& rows);

// Copies the rows `begin` to before `end` of `from`, which has the same features, behind those of `to`; ends no group.
void append_rows(const RankingRows& from, std::size_t begin, std::size_t end, RankingRows& to);

// The groups with those numbers, in that order.
RankingRows select_groups(const RankingRows& rows, std::span<const std::size_t> groups);

// All groups, without the rows that were not shown.
RankingRows shown_alone(const RankingRows& rows);

// The column called `name`; rows.features.size() where there is none.
std::size_t column_of(const RankingRows& rows, std::string_view name);

}  // namespace handsel::trees

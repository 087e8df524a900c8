#include "ranking/trees/ranking_rows.h"

#include <algorithm>
#include <cmath>

#include "ranking/trees/tree_ensemble.h"

namespace handsel::trees {

Result<void> check(const RankingRows& rows) {
  if (rows.features.empty() || rows.features.size() > kFeaturesMax) {
    return fail(Code::kInvalidArgument, "{} features; 1 to {} are possible", rows.features.size(), kFeaturesMax);
  }
  if (rows.rows() > kRowsMax) return fail(Code::kTooLarge, "{} rows; at most {}", rows.rows(), kRowsMax);
  if (rows.values.size() != rows.rows() * rows.features.size()) {
    return fail(Code::kInvalidArgument, "{} values for {} rows of {} features", rows.values.size(), rows.rows(),
                rows.features.size());
  }
  if (!rows.weights.empty() && rows.weights.size() != rows.rows()) {
    return fail(Code::kInvalidArgument, "{} weights for {} rows", rows.weights.size(), rows.rows());
  }
  if (!rows.offsets.empty() && rows.offsets.size() != rows.rows()) {
    return fail(Code::kInvalidArgument, "{} offsets for {} rows", rows.offsets.size(), rows.rows());
  }
  if (!rows.unseen.empty() && rows.unseen.size() != rows.rows()) {
    return fail(Code::kInvalidArgument, "{} rows of which it is told whether they were shown, of {}",
                rows.unseen.size(), rows.rows());
  }
  std::size_t begin = 0;
  for (std::size_t group = 0; group < rows.groups(); ++group) {
    if (rows.ends[group] < begin || rows.ends[group] > rows.rows()) {
      return fail(Code::kInvalidArgument, "group {} ends outside the rows", group);
    }
    if (rows.ends[group] - begin > kGroupRowsMax) {
      return fail(Code::kTooLarge, "group {} has more than {} rows", group, kGroupRowsMax);
    }
    begin = rows.ends[group];
  }
  if (begin != rows.rows())
    return fail(Code::kInvalidArgument, "the last group ends at {} of {} rows", begin, rows.rows());
  const auto in_range = [](float value) { return value >= 0 && value <= kGainMax; };  // false for NaN
  if (!std::ranges::all_of(rows.gains, in_range)) return fail(Code::kInvalidArgument, "a gain is out of range");
  if (!std::ranges::all_of(rows.weights, in_range)) return fail(Code::kInvalidArgument, "a weight is out of range");
  const auto is_offset = [](float value) { return std::abs(value) <= kOffsetMax; };  // false for NaN
  if (!std::ranges::all_of(rows.offsets, is_offset)) return fail(Code::kInvalidArgument, "an offset is out of range");
  return {};
}

void append_rows(const RankingRows& from, std::size_t begin, std::size_t end, RankingRows& to) {
  const auto copy = [&](const auto& values, auto& out, std::size_t width) {
    if (values.empty()) return;
    out.insert(out.end(), values.begin() + static_cast<std::ptrdiff_t>(begin * width),
               values.begin() + static_cast<std::ptrdiff_t>(end * width));
  };
  copy(from.values, to.values, from.features.size());
  copy(from.gains, to.gains, 1);
  copy(from.weights, to.weights, 1);
  copy(from.offsets, to.offsets, 1);
  copy(from.unseen, to.unseen, 1);
}

RankingRows select_groups(const RankingRows& rows, std::span<const std::size_t> groups) {
  RankingRows out{.features = rows.features};
  for (const std::size_t group : groups) {
    append_rows(rows, rows.begin_of(group), rows.ends[group], out);
    out.ends.push_back(out.rows());
  }
  return out;
}

RankingRows shown_alone(const RankingRows& rows) {
  RankingRows out{.features = rows.features};
  for (std::size_t group = 0; group < rows.groups(); ++group) {
    for (std::size_t row = rows.begin_of(group); row < rows.ends[group]; ++row) {
      if (rows.was_shown(row)) append_rows(rows, row, row + 1, out);
    }
    out.ends.push_back(out.rows());
  }
  return out;
}

std::size_t column_of(const RankingRows& rows, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(rows.features, name) - rows.features.begin());
}

}  // namespace handsel::trees

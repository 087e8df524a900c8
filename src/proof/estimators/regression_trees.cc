#include "proof/estimators/regression_trees.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/math/statistics.h"

namespace handsel::estimators {
namespace {

// Bin 0 is for what is missing.
std::vector<std::uint8_t> bins_of(std::span<const double> values) {
  std::vector<double> sorted;
  sorted.reserve(values.size());
  for (const double value : values)
    if (!std::isnan(value)) sorted.push_back(value);
  std::ranges::sort(sorted);
  std::vector<double> ends;  // of all bins but the last, growing
  for (std::size_t bin = 1; bin + 1 < kBinsMax && !sorted.empty(); ++bin) {
    const double end = sorted[(sorted.size() - 1) * bin / (kBinsMax - 1)];
    if (end < sorted.back() && (ends.empty() || end > ends.back())) ends.push_back(end);
  }
  std::vector<std::uint8_t> bins;
  bins.reserve(values.size());
  for (const double value : values) {
    const auto bin = std::ranges::lower_bound(ends, value) - ends.begin();
    bins.push_back(std::isnan(value) ? 0 : static_cast<std::uint8_t>(bin + 1));
  }
  return bins;
}

struct Cell {
  double sum = 0;
  std::size_t rows = 0;
};

struct Split {
  double gain = 0;
  std::size_t column = 0;
  std::uint8_t last_left = 0;
};

// What a split takes out of the sum of squares about the mean.
double gain_of(const Cell& left, const Cell& all) {
  const double sum_right = all.sum - left.sum;
  const auto count = [](std::size_t rows) { return static_cast<double>(rows); };
  return left.sum * left.sum / count(left.rows) + sum_right * sum_right / count(all.rows - left.rows) -
         all.sum * all.sum / count(all.rows);
}

}  // namespace

Result<BinnedColumns> BinnedColumns::of(std::span<const Column> columns) {
  if (columns.empty() || columns.size() > kTreeColumnsMax) {
    return fail(Code::kInvalidArgument, "{} columns; trees take between 1 and {}", columns.size(), kTreeColumnsMax);
  }
  BinnedColumns out;
  out.rows_ = columns.front().values.size();
  for (const Column& column : columns) {
    if (column.values.size() != out.rows_) {
      return fail(Code::kInvalidArgument, "column '{}' has {} values, others {}", column.name, column.values.size(),
                  out.rows_);
    }
    out.bins_.push_back(bins_of(column.values));
  }
  return out;
}

// One tree on the residuals of its rows, which it brings into the order of the leaves.
class BoostedTrees::Grower {
 public:
  Grower(BoostedTrees& trees, const BinnedColumns& columns, const TreeOptions& options)
      : trees_(trees), columns_(columns), options_(options) {}

  struct Item {
    std::uint32_t row;
    double residual;
  };

  // Leaves take their share of the residuals.
  void grow(std::span<Item> items, std::size_t depth) {
    const std::size_t self = trees_.nodes_.size();
    trees_.nodes_.emplace_back();
    const Split split = depth < options_.depth ? best_split(items) : Split{};
    if (split.gain <= 0) {
      make_leaf(self, items);
      return;
    }
    trees_.gains_[split.column] += split.gain;
    const std::span<const std::uint8_t> bins = columns_.column(split.column);
    const auto right =
        std::ranges::stable_partition(items, [&](const Item& item) { return bins[item.row] <= split.last_left; });
    const auto left_count = items.size() - right.size();
    grow(items.first(left_count), depth + 1);
    trees_.nodes_[self] = {.value = 0,
                           .right = static_cast<std::uint32_t>(trees_.nodes_.size()),
                           .column = static_cast<std::uint16_t>(split.column),
                           .last_left = split.last_left};
    grow(items.subspan(left_count), depth + 1);
  }

 private:
  void make_leaf(std::size_t self, std::span<Item> items) {
    double sum = 0;
    for (const Item& item : items) sum += item.residual;
    const double value = options_.rate * sum / static_cast<double>(items.size());
    trees_.nodes_[self].value = value;
    for (Item& item : items) item.residual -= value;
  }

  Split best_split(std::span<const Item> items) const {
    Split best;
    if (items.size() < 2 * options_.leaf_min) return best;
    Cell all{.sum = 0, .rows = items.size()};
    for (const Item& item : items) all.sum += item.residual;
    for (std::size_t column = 0; column < columns_.columns(); ++column) {
      std::array<Cell, kBinsMax> cells{};
      const std::span<const std::uint8_t> bins = columns_.column(column);
      for (const Item& item : items) {
        cells[bins[item.row]].sum += item.residual;
        ++cells[bins[item.row]].rows;
      }
      Cell left;
      for (std::size_t bin = 0; bin + 1 < kBinsMax; ++bin) {
        left.sum += cells[bin].sum;
        left.rows += cells[bin].rows;
        if (cells[bin].rows == 0 || left.rows < options_.leaf_min) continue;
        if (all.rows - left.rows < options_.leaf_min) break;
        const double gain = gain_of(left, all);
        // A gain that is rounding alone would split a constant.
        if (gain > best.gain && gain > 1e-12 * std::fabs(all.sum))
          best = {.gain = gain, .column = column, .last_left = static_cast<std::uint8_t>(bin)};
      }
    }
    return best;
  }

  BoostedTrees& trees_;
  const BinnedColumns& columns_;
  const TreeOptions& options_;
};

Result<BoostedTrees> BoostedTrees::fit(const BinnedColumns& columns, std::span<const std::uint32_t> rows,
                                       std::span<const double> values, const TreeOptions& options) {
  if (options.trees > kTreesMax || options.depth == 0 || options.depth > kTreeDepthMax || options.leaf_min == 0 ||
      !(options.rate > 0 && options.rate <= 1)) {
    return fail(Code::kInvalidArgument, "trees: at most {}, 1 to {} deep, leaves of a row or more, a rate from 0 to 1",
                kTreesMax, kTreeDepthMax);
  }
  if (rows.empty() || rows.size() != values.size()) return fail(Code::kInvalidData, "trees: no rows to learn from");
  BoostedTrees out;
  out.gains_.assign(columns.columns(), 0);
  out.mean_ = mean(values);
  std::vector<Grower::Item> items;
  items.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!std::isfinite(values[i])) return fail(Code::kInvalidData, "trees: a value is not finite");
    items.push_back({rows[i], values[i] - out.mean_});
  }
  Grower grower(out, columns, options);
  for (std::size_t tree = 0; tree < options.trees; ++tree) {
    out.roots_.push_back(static_cast<std::uint32_t>(out.nodes_.size()));
    grower.grow(items, 0);
  }
  return out;
}

double BoostedTrees::predict(const BinnedColumns& columns, std::size_t row) const {
  double sum = mean_;
  for (const std::uint32_t root : roots_) {
    std::uint32_t at = root;
    while (nodes_[at].right != 0) {
      at = columns.bin(nodes_[at].column, row) <= nodes_[at].last_left ? at + 1 : nodes_[at].right;
    }
    sum += nodes_[at].value;
  }
  return sum;
}

}  // namespace handsel::estimators

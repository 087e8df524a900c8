// Boosted regression trees for the effects of experiments: small, of our own, the same to the bit for the same rows.
//
// Gradient boosting with squared loss (Friedman 2001, "Greedy Function Approximation"): each tree is fitted to what the
// trees before it left over, and takes a share `rate` of it. Splits are searched over bins of equally many rows
// (kBinsMax of a column), by the gain in squares; a leaf keeps at least `leaf_min` rows. A forecast beyond the rows is
// that of the outermost bin. Values that are not numbers lie in a bin of their own below all others.
//
// Ranking has trees of its own (ranking/trees), which proof may not see; these are for a few columns and must not move
// when that library does. Pure, any thread. Cost of a fit: trees * depth * rows * columns additions; 4 bytes
// a row beside the bins, which are one byte a cell.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/core/result.h"
#include "proof/estimators/least_squares.h"

namespace handsel::estimators {

inline constexpr std::size_t kBinsMax = 64;
inline constexpr std::size_t kTreeColumnsMax = 500;
inline constexpr std::size_t kTreesMax = 10'000;
inline constexpr std::size_t kTreeDepthMax = 8;

struct TreeOptions {
  std::size_t trees = 60;
  std::size_t depth = 3;
  std::size_t leaf_min = 50;
  double rate = 0.1;
};

// Columns cut into bins, for any number of fits.
class BinnedColumns {
 public:
  // kInvalidArgument: no columns, too many, or of unlike lengths.
  static Result<BinnedColumns> of(std::span<const Column> columns);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return bins_.size(); }
  std::uint8_t bin(std::size_t column, std::size_t row) const { return bins_[column][row]; }
  std::span<const std::uint8_t> column(std::size_t column) const { return bins_[column]; }

 private:
  std::size_t rows_ = 0;
  std::vector<std::vector<std::uint8_t>> bins_;
};

class BoostedTrees {
 public:
  // Of the rows named (as numbers of rows, each once); values[i] belongs to rows[i]. kInvalidArgument: options beyond
  // their limits. kInvalidData: no rows, or a value that is not finite. Fewer rows than two leaves: the mean.
  static Result<BoostedTrees> fit(const BinnedColumns& columns, std::span<const std::uint32_t> rows,
                                  std::span<const double> values, const TreeOptions& options);

  double predict(const BinnedColumns& columns, std::size_t row) const;
  // By column: what its splits took out of the sum of squares.
  const std::vector<double>& gains() const { return gains_; }

 private:
  struct Node {
    double value = 0;         // of a leaf, already times the rate
    std::uint32_t right = 0;  // 0: a leaf; the left child follows its parent
    std::uint16_t column = 0;
    std::uint8_t last_left = 0;  // bins up to this go left
  };
  class Grower;

  double mean_ = 0;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> roots_;
  std::vector<double> gains_;
};

}  // namespace handsel::estimators

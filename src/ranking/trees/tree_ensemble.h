// What a ranker learned, evaluated here: a linear part and boosted trees.
//
//   score(row) = base + sum of weight * value over the linear terms + one leaf of every tree
//
// Immutable; any thread. Equal to the trainer's own prediction: the same additions in the
// same order, in float. NaN means 'not known': it goes the way that training chose for
// missing values, and a linear term takes its own stand-in for it.
//
// predict() takes blocks of rows through instructions chosen at run time (internal/
// range_forest.h says how); predict_plain() is its obvious twin. A thousand rows of 60
// features through 500 trees of depth 6 take about a millisecond of one core.
//
// File, little-endian:
//   "HTRE", u32 version, then the body, then u32 CRC-32C of all before it
//   body:  varint features, each a string; f32 base;
//          varint linear terms, each varint column, f32 weight, f32 missing;
//          varint trees, each a node
//   node:  varint 0, f32 value                                              a leaf
//          varint 1 + 2 * column + missing_left, f32 threshold, f32 value,
//          node (left: value < threshold), node (right)
// Nodes stand in preorder, so that the bytes cannot describe anything but a tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"

namespace handsel::trees {

inline constexpr std::size_t kFeaturesMax = 4096;
inline constexpr std::size_t kFeatureNameBytesMax = 256;
inline constexpr std::size_t kTreesMax = 20'000;
inline constexpr std::size_t kTreeDepthMax = 32;
inline constexpr std::size_t kTreeNodesMax = 1u << 15;
inline constexpr std::size_t kNodesMax = 1u << 22;  // of all trees

// One node of a tree in preorder: the left child follows its parent.
struct TreeNode {
  static constexpr std::uint32_t kLeaf = ~0u;
  std::uint32_t column = kLeaf;
  std::uint32_t right = 0;  // index of the right child within the tree
  float threshold = 0;      // left: value < threshold
  float value = 0;          // of a leaf; of an inner node the mean of its leaves, for contributions()
  bool missing_left = false;

  bool is_leaf() const { return column == kLeaf; }
  bool operator==(const TreeNode&) const = default;
};

struct LinearTerm {
  std::uint32_t column = 0;
  float weight = 0;
  float missing = 0;  // stands in for NaN
  bool operator==(const LinearTerm&) const = default;
};

// The whole content, to build from and to look into.
struct EnsembleParts {
  std::vector<std::string> features;  // names, in the order of the columns
  float base = 0;
  std::vector<LinearTerm> linear;
  std::vector<std::vector<TreeNode>> trees;
  bool operator==(const EnsembleParts&) const = default;
};

namespace internal {
class RangeForest;
}

class TreeEnsemble {
 public:
  TreeEnsemble();  // no features, no trees: every score is 0

  // Any damage is kCorrupt, never a crash; what one of the limits forbids is kTooLarge.
  static Result<TreeEnsemble> parse(std::string_view bytes);
  // kInvalidArgument where the parts are no ensemble: a column that does not exist, a number
  // that is not finite, nodes that are not a tree in preorder.
  static Result<TreeEnsemble> build(EnsembleParts parts);
  std::string serialise() const;

  std::span<const std::string> features() const { return parts_->features; }
  std::size_t trees() const { return parts_->trees.size(); }
  const EnsembleParts& parts() const { return *parts_; }

  // `rows`: count x features().size(); `out`: count scores. A score is finite where the
  // values of the linear columns are.
  void predict(std::span<const float> rows, std::span<float> out) const;
  // The obvious twin: one row, one tree, one node at a time.
  void predict_plain(std::span<const float> rows, std::span<float> out) const;

  // Why one row scored as it did, for explain: what each column added. Along the path of
  // every tree, the change of the nodes' values belongs to the column that was asked
  // (Saabas 2014, "Interpreting random forests"; not Shapley values: features that stand
  // high in a tree get less than their due). start + sum of columns = score, within rounding.
  // A tree and a level at a time: some hundred times slower than a share of predict().
  struct Contributions {
    double start = 0;
    std::vector<double> columns;
  };
  Contributions contributions(std::span<const float> row) const;

 private:
  explicit TreeEnsemble(EnsembleParts parts);

  std::shared_ptr<const EnsembleParts> parts_;
  std::shared_ptr<const internal::RangeForest> forest_;
};

}  // namespace handsel::trees

// Many rows through many trees at once: every node of a tree is asked for a whole block of
// rows, without branches.
//
// A row's leaf is the first of the tree's leaves, from left to right, that no 'right' answer
// rules out (Lucchese et al. 2015, "QuickScorer"). Inner node i, counted in order, stands
// between leaves i and i+1, and answering 'right' rules out the leaves [first, i] of its left
// subtree. Where QuickScorer clears bits of a set, here one byte a row holds the first leaf
// that still stands: taking the nodes in order,
//
//   leaf = answer is 'right' and leaf >= first ? i + 1 : leaf
//
// That is two comparisons and a choice of 64 rows by one AVX-512 instruction each. Values are
// cut into bytes first: the place among the thresholds that the trees compare with. A feature
// with more than 254 thresholds, or with missing values that go both ways, fills several byte
// columns.
//
// Trees of more than 256 leaves, few rows, and x86-64 without AVX2 walk node by node.
// Measured beside the walk in bench/trees_bench.cc; the kernel for NEON was never timed, only
// tested under emulation.
//
// Immutable; any thread. The sum is made in the order of the trees, in float.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ranking/trees/tree_ensemble.h"

namespace handsel::trees::internal {

inline constexpr std::size_t kBlockRows = 64;
inline constexpr std::size_t kChunkBlocks = 4;  // go through a tree together
inline constexpr std::size_t kChunkRows = kBlockRows * kChunkBlocks;
inline constexpr std::size_t kWalkedRowsMax = 7;  // fewer than a block is worth

enum class Kernel : std::uint8_t { kWalk, kAvx2, kAvx512, kNeon };
// Those that this machine can run, the best last.
std::span<const Kernel> supported_kernels();

// A comparison of one byte column: 'right' where the byte is above `split`.
struct RangeNode {
  std::uint16_t column = 0;
  std::uint8_t split = 0;
  std::uint8_t first = 0;  // leaf
};

struct RangeTree {
  std::uint32_t nodes = 0;  // where its nodes begin
  std::uint32_t leaves = 0;
  std::uint32_t node_count = 0;
};

// A walked tree's node: four words, siblings side by side.
struct WalkNode {
  std::uint32_t column = 0;
  float threshold = 0;  // of a leaf: its value
  std::uint32_t left = 0;
  std::uint16_t inner = 0;  // 1: right is left + 1; 0: a leaf, left is itself
  std::uint16_t missing_left = 0;
};

struct WalkTree {
  std::uint32_t root = 0;
  std::uint32_t depth = 0;
};

class RangeForest {
 public:
  explicit RangeForest(const EnsembleParts& parts);

  // out[i] += the leaves of row i.
  void add(std::span<const float> rows, std::span<float> out) const { add_by(supported_kernels().back(), rows, out); }
  // The caller answers for the machine's having the instructions.
  void add_by(Kernel kernel, std::span<const float> rows, std::span<float> out) const;

 private:
  struct Feature {
    std::uint32_t column = 0;       // of the rows
    std::uint32_t count = 0;        // of thresholds
    std::vector<float> thresholds;  // growing, filled up to 2^n - 1 with infinity
  };
  struct ByteColumn {
    std::uint32_t feature = 0;  // of features_
    std::uint32_t start = 0;    // the threshold whose passing makes the byte 1
    bool missing_left = false;
  };

  void collect_thresholds(const EnsembleParts& parts);
  void lay_out(std::span<const TreeNode> tree);
  void lay_out_walk(std::span<const TreeNode> tree);
  std::uint16_t byte_column(std::uint32_t feature, std::uint32_t start, bool missing_left);
  void cut(std::span<const float> rows, std::size_t count, std::vector<std::uint8_t>& bytes) const;
  void walk(std::size_t tree, std::span<const float> rows, std::span<float> out) const;

  std::size_t width_ = 0;
  bool fits_ = true;  // all byte columns could be numbered
  std::vector<Feature> features_;
  std::vector<std::uint32_t> feature_of_column_;
  std::vector<ByteColumn> columns_;
  std::vector<RangeTree> trees_;  // in order; node_count 0 and leaves 0: walked
  std::vector<RangeNode> nodes_;
  std::vector<float> leaves_;  // of each tree a multiple of 32
  std::vector<WalkTree> walk_trees_;
  std::vector<WalkNode> walk_nodes_;
};

// The kernels: `bytes` is columns x kChunkRows; adds the tree's leaves to the first
// blocks * kBlockRows of `sums`.
struct KernelInput {
  const std::uint8_t* bytes = nullptr;
  const RangeNode* nodes = nullptr;
  std::size_t node_count = 0;
  const float* leaves = nullptr;
  std::size_t blocks = 0;
};
void add_tree_avx2(const KernelInput& input, float* sums);
void add_tree_avx512(const KernelInput& input, float* sums);
void add_tree_neon(const KernelInput& input, float* sums);

}  // namespace handsel::trees::internal

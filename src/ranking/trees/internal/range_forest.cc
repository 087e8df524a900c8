#include "ranking/trees/internal/range_forest.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace handsel::trees::internal {
namespace {

constexpr std::size_t kLeavesMax = 256;         // of a tree that bytes can tell apart
constexpr std::size_t kSplitsMax = 254;         // of a byte column; 255 is 'missing, right'
constexpr std::size_t kByteColumnsMax = 16384;  // a chunk of bytes stays within 4 MiB
constexpr std::uint8_t kMissingRight = 255;
constexpr std::size_t kLanes = 16;  // searches side by side
constexpr std::uint32_t kNone = ~0u;

std::size_t leaf_count(std::span<const TreeNode> tree) {
  return (tree.size() + 1) / 2;
}

auto add_tree_of(Kernel kernel) {
  switch (kernel) {
    case Kernel::kAvx512:
      return add_tree_avx512;
    case Kernel::kNeon:
      return add_tree_neon;
    case Kernel::kAvx2:
    case Kernel::kWalk:
      break;
  }
  return add_tree_avx2;
}

}  // namespace

std::span<const Kernel> supported_kernels() {
#if defined(__x86_64__)
  static constexpr std::array kBestLast = {Kernel::kWalk, Kernel::kAvx2, Kernel::kAvx512};
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512f")) return kBestLast;
  return std::span(kBestLast).first(__builtin_cpu_supports("avx2") ? 2 : 1);
#elif defined(__aarch64__)
  static constexpr std::array kBestLast = {Kernel::kWalk, Kernel::kNeon};
  return kBestLast;
#else
  static constexpr std::array kBestLast = {Kernel::kWalk};
  return kBestLast;
#endif
}

RangeForest::RangeForest(const EnsembleParts& parts) : width_(parts.features.size()) {
  collect_thresholds(parts);
  for (const auto& tree : parts.trees) {
    lay_out(tree);
    lay_out_walk(tree);
  }
}

void RangeForest::collect_thresholds(const EnsembleParts& parts) {
  std::vector<std::vector<float>> thresholds(width_);
  for (const auto& tree : parts.trees) {
    for (const TreeNode& node : tree) {
      if (!node.is_leaf()) thresholds[node.column].push_back(node.threshold);
    }
  }
  feature_of_column_.assign(width_, kNone);
  for (std::uint32_t column = 0; column < width_; ++column) {
    auto& values = thresholds[column];
    if (values.empty()) continue;
    std::ranges::sort(values);
    values.erase(std::ranges::unique(values).begin(), values.end());
    const std::size_t count = values.size();
    values.resize(std::bit_ceil(count + 1) - 1, std::numeric_limits<float>::infinity());
    feature_of_column_[column] = static_cast<std::uint32_t>(features_.size());
    features_.push_back(
        {.column = column, .count = static_cast<std::uint32_t>(count), .thresholds = std::move(values)});
  }
}

std::uint16_t RangeForest::byte_column(std::uint32_t feature, std::uint32_t start, bool missing_left) {
  const auto same = [&](const ByteColumn& column) {
    return column.feature == feature && column.start == start && column.missing_left == missing_left;
  };
  const auto found = std::ranges::find_if(columns_, same);
  const auto index = static_cast<std::size_t>(found - columns_.begin());
  if (found == columns_.end()) {
    if (columns_.size() == kByteColumnsMax) {
      fits_ = false;
      return 0;
    }
    columns_.push_back({.feature = feature, .start = start, .missing_left = missing_left});
  }
  return static_cast<std::uint16_t>(index);
}

// In order: an inner node comes after the leaves of its left subtree.
void RangeForest::lay_out(std::span<const TreeNode> tree) {
  if (leaf_count(tree) > kLeavesMax) {
    trees_.push_back({});
    return;
  }
  RangeTree out{.nodes = static_cast<std::uint32_t>(nodes_.size()),
                .leaves = static_cast<std::uint32_t>(leaves_.size())};
  struct Open {
    const TreeNode* node;
    std::size_t first;  // leaf
  };
  std::array<Open, kTreeDepthMax + 1> path;
  std::size_t depth = 0;
  std::size_t leaf = 0;
  // Preorder: behind a leaf stands the right child of the deepest open node.
  for (const TreeNode& node : tree) {
    if (!node.is_leaf()) {
      path[depth++] = {&node, leaf};
      continue;
    }
    leaves_.push_back(node.value);
    ++leaf;
    if (depth == 0) break;
    const Open closed = path[--depth];
    const std::uint32_t number = feature_of_column_[closed.node->column];
    const Feature& feature = features_[number];
    const auto end = feature.thresholds.begin() + feature.count;
    const auto at = static_cast<std::size_t>(std::lower_bound(feature.thresholds.begin(), end, closed.node->threshold) -
                                             feature.thresholds.begin());
    const std::size_t start = at / kSplitsMax * kSplitsMax;
    nodes_.push_back({.column = byte_column(number, static_cast<std::uint32_t>(start), closed.node->missing_left),
                      .split = static_cast<std::uint8_t>(at - start),
                      .first = static_cast<std::uint8_t>(closed.first)});
  }
  out.node_count = static_cast<std::uint32_t>(nodes_.size() - out.nodes);
  leaves_.resize(out.leaves + (leaf + 31) / 32 * 32);
  trees_.push_back(out);
}

// Level by level, so that siblings are neighbours.
void RangeForest::lay_out_walk(std::span<const TreeNode> tree) {
  const std::size_t root = walk_nodes_.size();
  std::vector<std::uint32_t> level = {0};
  std::size_t depth = 0;
  std::size_t placed = root + 1;
  for (;; ++depth) {
    std::vector<std::uint32_t> below;
    for (const std::uint32_t at : level) {
      const TreeNode& node = tree[at];
      const auto self = static_cast<std::uint32_t>(walk_nodes_.size());
      if (node.is_leaf()) {
        walk_nodes_.push_back({.threshold = node.value, .left = self});
        continue;
      }
      walk_nodes_.push_back({.column = node.column,
                             .threshold = node.threshold,
                             .left = static_cast<std::uint32_t>(placed),
                             .inner = 1,
                             .missing_left = node.missing_left});
      placed += 2;
      below.push_back(at + 1);
      below.push_back(node.right);
    }
    if (below.empty()) break;
    level = std::move(below);
  }
  walk_trees_.push_back({.root = static_cast<std::uint32_t>(root), .depth = static_cast<std::uint32_t>(depth)});
}

// Rows side by side, so that the machine has several loads under way.
void RangeForest::walk(std::size_t tree, std::span<const float> rows, std::span<float> out) const {
  constexpr std::size_t kRows = 8;
  const WalkTree& walked = walk_trees_[tree];
  const WalkNode* nodes = walk_nodes_.data();
  for (std::size_t begin = 0; begin < out.size(); begin += kRows) {
    const std::size_t count = std::min(kRows, out.size() - begin);
    std::array<std::uint32_t, kRows> at;
    at.fill(walked.root);
    for (std::uint32_t level = 0; level < walked.depth; ++level) {
      for (std::size_t i = 0; i < count; ++i) {
        const WalkNode& node = nodes[at[i]];
        const float value = rows[(begin + i) * width_ + node.column];
        // Of a value that is missing both comparisons are false.
        const unsigned right = node.missing_left ? value >= node.threshold : !(value < node.threshold);
        at[i] = node.left + (right & node.inner);
      }
    }
    for (std::size_t i = 0; i < count; ++i) out[begin + i] += nodes[at[i]].threshold;
  }
}

// How many thresholds are at or below each value, by binary search in lockstep; then the
// bytes of the feature's columns.
void RangeForest::cut(std::span<const float> rows, std::size_t count, std::vector<std::uint8_t>& bytes) const {
  std::vector<std::uint32_t> places(features_.size() * kChunkRows);
  std::vector<std::uint8_t> missing(features_.size() * kChunkRows);
  for (std::size_t f = 0; f < features_.size(); ++f) {
    const Feature& feature = features_[f];
    const float* thresholds = feature.thresholds.data();
    for (std::size_t begin = 0; begin < count; begin += kLanes) {
      std::array<float, kLanes> values{};
      const std::size_t lanes = std::min(kLanes, count - begin);
      for (std::size_t i = 0; i < lanes; ++i) values[i] = rows[(begin + i) * width_ + feature.column];
      std::array<std::uint32_t, kLanes> place{};
      for (std::size_t half = (feature.thresholds.size() + 1) / 2; half > 0; half /= 2) {
        const auto step = static_cast<std::uint32_t>(half);
        for (std::size_t i = 0; i < kLanes; ++i)
          place[i] += step * static_cast<std::uint32_t>(thresholds[place[i] + step - 1] <= values[i]);
      }
      for (std::size_t i = 0; i < kLanes; ++i) {
        places[f * kChunkRows + begin + i] = std::min(place[i], feature.count);
        missing[f * kChunkRows + begin + i] = std::isnan(values[i]);
      }
    }
  }
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const ByteColumn& column = columns_[c];
    const std::uint32_t* place = places.data() + column.feature * kChunkRows;
    const std::uint8_t* is_missing = missing.data() + column.feature * kChunkRows;
    const std::uint8_t otherwise = column.missing_left ? 0 : kMissingRight;
    std::uint8_t* out = bytes.data() + c * kChunkRows;
    for (std::size_t i = 0; i < kChunkRows; ++i) {
      const std::uint32_t above = place[i] - std::min(place[i], column.start);
      const auto byte = static_cast<std::uint8_t>(std::min<std::uint32_t>(above, kSplitsMax));
      out[i] = is_missing[i] ? otherwise : byte;
    }
  }
}

void RangeForest::add_by(Kernel kernel, std::span<const float> rows, std::span<float> out) const {
  if (kernel == Kernel::kWalk || !fits_ || out.size() <= kWalkedRowsMax) {
    for (std::size_t tree = 0; tree < trees_.size(); ++tree) walk(tree, rows, out);
    return;
  }
  const auto add_tree = add_tree_of(kernel);
  std::vector<std::uint8_t> bytes(columns_.size() * kChunkRows);
  std::array<float, kChunkRows> sums;
  for (std::size_t begin = 0; begin < out.size(); begin += kChunkRows) {
    const std::size_t count = std::min(kChunkRows, out.size() - begin);
    const auto chunk = rows.subspan(begin * width_, count * width_);
    cut(chunk, count, bytes);
    sums.fill(0);
    std::copy_n(out.begin() + static_cast<std::ptrdiff_t>(begin), count, sums.begin());
    for (std::size_t t = 0; t < trees_.size(); ++t) {
      const RangeTree& tree = trees_[t];
      if (leaves_.empty() || (tree.node_count == 0 && walk_trees_[t].depth > 0)) {
        walk(t, chunk, std::span(sums).first(count));
        continue;
      }
      const KernelInput input{.bytes = bytes.data(),
                              .nodes = nodes_.data() + tree.nodes,
                              .node_count = tree.node_count,
                              .leaves = leaves_.data() + tree.leaves,
                              .blocks = (count + kBlockRows - 1) / kBlockRows};
      add_tree(input, sums.data());
    }
    std::copy_n(sums.begin(), count, out.begin() + static_cast<std::ptrdiff_t>(begin));
  }
}

}  // namespace handsel::trees::internal

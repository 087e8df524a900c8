#include "ranking/trees/tree_ensemble.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ranking/trees/internal/range_forest.h"

namespace handsel::trees {
namespace {

// The index after the subtree at `at`, or an error. Recursion is bounded by kTreeDepthMax.
Result<std::size_t> check_subtree(std::span<const TreeNode> nodes, std::size_t columns, std::size_t at,
                                  std::size_t depth) {
  if (at >= nodes.size()) return fail(Code::kInvalidArgument, "a node has no child {}", at);
  if (depth > kTreeDepthMax) return fail(Code::kTooLarge, "a tree is deeper than {}", kTreeDepthMax);
  const TreeNode& node = nodes[at];
  if (!std::isfinite(node.value)) return fail(Code::kInvalidArgument, "the value of node {} is not finite", at);
  if (node.is_leaf()) return at + 1;
  if (node.column >= columns) return fail(Code::kInvalidArgument, "node {} asks for column {}", at, node.column);
  if (!std::isfinite(node.threshold)) {
    return fail(Code::kInvalidArgument, "the threshold of node {} is not finite", at);
  }
  HANDSEL_ASSIGN(const std::size_t right, check_subtree(nodes, columns, at + 1, depth + 1));
  if (node.right != right) return fail(Code::kInvalidArgument, "the nodes are not in preorder at {}", at);
  return check_subtree(nodes, columns, right, depth + 1);
}

Result<void> check_columns(const EnsembleParts& parts) {
  if (parts.features.size() > kFeaturesMax) {
    return fail(Code::kTooLarge, "{} features; at most {}", parts.features.size(), kFeaturesMax);
  }
  for (const std::string& name : parts.features) {
    if (name.size() > kFeatureNameBytesMax) return fail(Code::kTooLarge, "the name of a feature is too long");
  }
  if (!std::isfinite(parts.base)) return fail(Code::kInvalidArgument, "the base is not finite");
  if (parts.linear.size() > parts.features.size()) return fail(Code::kTooLarge, "more linear terms than features");
  for (const LinearTerm& term : parts.linear) {
    if (term.column >= parts.features.size() || !std::isfinite(term.weight) || !std::isfinite(term.missing)) {
      return fail(Code::kInvalidArgument, "a linear term is not valid");
    }
  }
  return {};
}

Result<void> check(const EnsembleParts& parts) {
  HANDSEL_TRY(check_columns(parts));
  if (parts.trees.size() > kTreesMax)
    return fail(Code::kTooLarge, "{} trees; at most {}", parts.trees.size(), kTreesMax);
  std::size_t nodes = 0;
  for (const auto& tree : parts.trees) {
    nodes += tree.size();
    if (tree.size() > kTreeNodesMax || nodes > kNodesMax) return fail(Code::kTooLarge, "too many nodes");
    HANDSEL_ASSIGN(const std::size_t end, check_subtree(tree, parts.features.size(), 0, 0));
    if (end != tree.size()) return fail(Code::kInvalidArgument, "a tree has nodes that nothing leads to");
  }
  return {};
}

std::size_t child(std::span<const TreeNode> tree, std::size_t at, std::span<const float> row) {
  const TreeNode& node = tree[at];
  const float value = row[node.column];
  const bool left = std::isnan(value) ? node.missing_left : value < node.threshold;
  return left ? at + 1 : node.right;
}

float leaf_value(std::span<const TreeNode> tree, std::span<const float> row) {
  std::size_t at = 0;
  while (!tree[at].is_leaf()) at = child(tree, at, row);
  return tree[at].value;
}

float linear_score(const EnsembleParts& parts, std::span<const float> row) {
  double score = parts.base;
  for (const LinearTerm& term : parts.linear) {
    const float value = row[term.column];
    score += static_cast<double>(term.weight) * (std::isnan(value) ? term.missing : value);
  }
  return static_cast<float>(score);
}

}  // namespace

TreeEnsemble::TreeEnsemble() : TreeEnsemble(EnsembleParts{}) {}

TreeEnsemble::TreeEnsemble(EnsembleParts parts)
    : parts_(std::make_shared<const EnsembleParts>(std::move(parts))),
      forest_(std::make_shared<const internal::RangeForest>(*parts_)) {}

Result<TreeEnsemble> TreeEnsemble::build(EnsembleParts parts) {
  HANDSEL_TRY(check(parts));
  return TreeEnsemble(std::move(parts));
}

void TreeEnsemble::predict_plain(std::span<const float> rows, std::span<float> out) const {
  const std::size_t width = parts_->features.size();
  HANDSEL_CHECK(rows.size() == width * out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto row = rows.subspan(i * width, width);
    out[i] = linear_score(*parts_, row);
    for (const auto& tree : parts_->trees) out[i] += leaf_value(tree, row);
  }
}

void TreeEnsemble::predict(std::span<const float> rows, std::span<float> out) const {
  const std::size_t width = parts_->features.size();
  HANDSEL_CHECK(rows.size() == width * out.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = linear_score(*parts_, rows.subspan(i * width, width));
  forest_->add(rows, out);
}

TreeEnsemble::Contributions TreeEnsemble::contributions(std::span<const float> row) const {
  HANDSEL_CHECK(row.size() == parts_->features.size());
  Contributions out{.start = parts_->base, .columns = std::vector<double>(row.size())};
  for (const LinearTerm& term : parts_->linear) {
    const float value = row[term.column];
    out.columns[term.column] += static_cast<double>(term.weight) * (std::isnan(value) ? term.missing : value);
  }
  for (const auto& tree : parts_->trees) {
    out.start += tree[0].value;
    for (std::size_t at = 0; !tree[at].is_leaf();) {
      const std::size_t next = child(tree, at, row);
      out.columns[tree[at].column] += static_cast<double>(tree[next].value) - tree[at].value;
      at = next;
    }
  }
  return out;
}

}  // namespace handsel::trees

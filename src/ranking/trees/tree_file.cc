// The bytes of an ensemble; tree_ensemble.h draws them.
#include "base/core/bytes.h"
#include "ranking/trees/tree_ensemble.h"

namespace handsel::trees {
namespace {

constexpr std::string_view kMagic = "HTRE";
constexpr std::uint32_t kVersion = 1;

void put_node(std::string& out, std::span<const TreeNode> tree, std::size_t at) {
  const TreeNode& node = tree[at];
  if (node.is_leaf()) {
    put_varint(out, 0);
    put_fixed(out, node.value);
    return;
  }
  put_varint(out, 1 + 2 * std::uint64_t{node.column} + (node.missing_left ? 1 : 0));
  put_fixed(out, node.threshold);
  put_fixed(out, node.value);
  put_node(out, tree, at + 1);
  put_node(out, tree, node.right);
}

// Limits are checked before memory is taken, everything else by build().
class Parser {
 public:
  explicit Parser(std::string_view body) : in_(body) {}

  Result<EnsembleParts> parse() {
    EnsembleParts parts;
    const std::uint64_t features = in_.varint();
    if (features > kFeaturesMax)
      return fail(Code::kTooLarge, "a ranker of {} features; at most {}", features, kFeaturesMax);
    for (std::uint64_t i = 0; i < features && in_.ok(); ++i) parts.features.emplace_back(in_.string());
    parts.base = in_.fixed<float>();
    const std::uint64_t terms = in_.varint();
    if (terms > features) return fail(Code::kCorrupt, "a ranker with more linear terms than features");
    for (std::uint64_t i = 0; i < terms && in_.ok(); ++i) {
      const std::uint64_t column = in_.varint();
      if (column >= features) return fail(Code::kCorrupt, "a ranker whose linear part asks for column {}", column);
      parts.linear.push_back({.column = static_cast<std::uint32_t>(column)});
      parts.linear.back().weight = in_.fixed<float>();
      parts.linear.back().missing = in_.fixed<float>();
    }
    const std::uint64_t trees = in_.varint();
    if (trees > kTreesMax) return fail(Code::kTooLarge, "a ranker of {} trees; at most {}", trees, kTreesMax);
    for (std::uint64_t i = 0; i < trees && in_.ok(); ++i) {
      HANDSEL_TRY(read_node(parts.trees.emplace_back(), features, 0));
      nodes_ += parts.trees.back().size();
    }
    if (!in_.ok() || !in_.empty()) return fail(Code::kCorrupt, "a ranker that ends too early or too late");
    return parts;
  }

 private:
  Result<void> read_node(std::vector<TreeNode>& tree, std::uint64_t features, std::size_t depth) {
    if (depth > kTreeDepthMax || tree.size() >= kTreeNodesMax || nodes_ + tree.size() >= kNodesMax) {
      return fail(Code::kTooLarge, "a ranker with a tree beyond the limits");
    }
    const std::uint64_t head = in_.varint();
    const std::size_t at = tree.size();
    tree.emplace_back();
    if (!in_.ok() || head > 2 * features) return fail(Code::kCorrupt, "a ranker with a node that asks for no column");
    if (head > 0) {
      tree[at].column = static_cast<std::uint32_t>((head - 1) / 2);
      tree[at].missing_left = (head - 1) % 2 == 1;
      tree[at].threshold = in_.fixed<float>();
    }
    tree[at].value = in_.fixed<float>();
    if (head == 0) return {};
    HANDSEL_TRY(read_node(tree, features, depth + 1));
    tree[at].right = static_cast<std::uint32_t>(tree.size());
    return read_node(tree, features, depth + 1);
  }

  ByteReader in_;
  std::size_t nodes_ = 0;
};

}  // namespace

std::string TreeEnsemble::serialise() const {
  std::string out(kMagic);
  put_fixed(out, kVersion);
  put_varint(out, parts_->features.size());
  for (const std::string& name : parts_->features) put_string(out, name);
  put_fixed(out, parts_->base);
  put_varint(out, parts_->linear.size());
  for (const LinearTerm& term : parts_->linear) {
    put_varint(out, term.column);
    put_fixed(out, term.weight);
    put_fixed(out, term.missing);
  }
  put_varint(out, parts_->trees.size());
  for (const auto& tree : parts_->trees) put_node(out, tree, 0);
  put_fixed(out, crc32c(out));
  return out;
}

Result<TreeEnsemble> TreeEnsemble::parse(std::string_view bytes) {
  constexpr std::size_t kFrame = 4 + 4 + 4;
  if (bytes.size() < kFrame || !bytes.starts_with(kMagic)) return fail(Code::kCorrupt, "not a ranker");
  const std::string_view guarded = bytes.substr(0, bytes.size() - 4);
  ByteReader head(guarded.substr(4));
  const auto version = head.fixed<std::uint32_t>();
  if (version != kVersion)
    return fail(Code::kUnsupported, "a ranker of format {}; this program reads {}", version, kVersion);
  if (ByteReader(bytes.substr(guarded.size())).fixed<std::uint32_t>() != crc32c(guarded)) {
    return fail(Code::kCorrupt, "a ranker whose checksum is wrong");
  }
  HANDSEL_ASSIGN(EnsembleParts parts, Parser(guarded.substr(8)).parse());
  auto ensemble = build(std::move(parts));
  if (!ensemble && ensemble.error().code == Code::kInvalidArgument) {
    return fail(Code::kCorrupt, "a ranker that is damaged: {}", ensemble.error().message);
  }
  return ensemble;
}

}  // namespace handsel::trees

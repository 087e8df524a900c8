#include "ranking/trees/tree_ensemble.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/bytes.h"
#include "base/core/rng.h"
#include "ranking/trees/internal/range_forest.h"

namespace handsel::trees {
namespace {

using internal::Kernel;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Shape {
  std::size_t features = 5;
  std::size_t trees = 20;
  std::size_t depth = 6;
  double leaf_chance = 0.1;
  int thresholds = 100;  // different values that a feature is compared with
};

// Returns the mean of the subtree's leaves.
float grow(Rng& rng, const Shape& shape, std::size_t depth, std::vector<TreeNode>& tree) {
  const std::size_t at = tree.size();
  tree.emplace_back();
  if (depth == shape.depth || (depth > 0 && rng.chance(shape.leaf_chance))) {
    return tree[at].value = static_cast<float>(rng.normal());
  }
  tree[at].column = static_cast<std::uint32_t>(rng.below(shape.features));
  tree[at].threshold = static_cast<float>(rng.between(-shape.thresholds / 2, shape.thresholds / 2)) / 16;
  tree[at].missing_left = rng.chance(0.5);
  const float left = grow(rng, shape, depth + 1, tree);
  tree[at].right = static_cast<std::uint32_t>(tree.size());
  const float right = grow(rng, shape, depth + 1, tree);
  return tree[at].value = (left + right) / 2;
}

EnsembleParts random_parts(std::uint64_t seed, const Shape& shape) {
  Rng rng(seed);
  EnsembleParts parts{.base = 0.25f};
  for (std::size_t i = 0; i < shape.features; ++i) parts.features.push_back("feature " + std::to_string(i));
  parts.linear = {{.column = 1, .weight = 0.5f, .missing = -1}};
  for (std::size_t i = 0; i < shape.trees; ++i) grow(rng, shape, 0, parts.trees.emplace_back());
  return parts;
}

// Many values stand exactly on a threshold; some are missing, infinite or enormous.
std::vector<float> random_rows(std::uint64_t seed, const Shape& shape, std::size_t count) {
  Rng rng(seed);
  std::vector<float> rows(count * shape.features);
  for (float& value : rows) {
    value = static_cast<float>(rng.between(-shape.thresholds, shape.thresholds)) / 16;
    if (rng.chance(0.3)) value += static_cast<float>(rng.normal());
    if (rng.chance(0.1)) value = kNan;
    if (rng.chance(0.01)) value = rng.chance(0.5) ? 1e30f : -1e30f;
  }
  return rows;
}

TEST(TreeEnsemble, EveryKernelIsThePlainTwinToTheLastBit) {
  const std::vector<Shape> shapes = {
      {},
      {.trees = 0},
      {.trees = 3, .depth = 0},
      {.features = 2, .depth = 3, .leaf_chance = 0.5},
      {.features = 3, .depth = 8, .leaf_chance = 0},              // 256 leaves: the most that bytes hold
      {.features = 3, .trees = 4, .depth = 9, .leaf_chance = 0},  // walked
      {.features = 2, .depth = 7, .thresholds = 3000},            // more thresholds than a byte holds
      {.features = 70, .trees = 100, .depth = 5},
  };
  for (std::size_t s = 0; s < shapes.size(); ++s) {
    const EnsembleParts parts = random_parts(s, shapes[s]);
    const auto ensemble = TreeEnsemble::build(parts);
    ASSERT_TRUE(ensemble) << ensemble.error().message;
    EnsembleParts trees_only = parts;
    trees_only.linear.clear();
    trees_only.base = 0;
    const auto sum = TreeEnsemble::build(trees_only);
    const internal::RangeForest forest(parts);
    for (const std::size_t count : {0, 1, 7, 8, 63, 64, 65, 200, 256, 300, 1000}) {
      const auto rows = random_rows(s * 100 + count, shapes[s], count);
      std::vector<float> plain(count);
      std::vector<float> fast(count, -1);
      ensemble->predict_plain(rows, plain);
      ensemble->predict(rows, fast);
      EXPECT_EQ(plain, fast) << "shape " << s << ", " << count << " rows";
      sum->predict_plain(rows, plain);
      for (const Kernel kernel : internal::supported_kernels()) {
        std::vector<float> added(count, 0);
        forest.add_by(kernel, rows, added);
        EXPECT_EQ(plain, added) << "shape " << s << ", " << count << " rows, kernel " << static_cast<int>(kernel);
      }
    }
  }
}

TEST(TreeEnsemble, MissingValuesGoTheirWayAndInfinitiesCompare) {
  const std::vector<TreeNode> stump = {
      {.column = 0, .right = 2, .threshold = 1, .value = 15, .missing_left = true}, {.value = 10}, {.value = 20}};
  std::vector<TreeNode> other = stump;
  other[0].missing_left = false;
  for (const auto& [tree, missing] : {std::pair{stump, 10.0f}, std::pair{other, 20.0f}}) {
    const auto ensemble = TreeEnsemble::build({.features = {"a"}, .trees = {tree}});
    ASSERT_TRUE(ensemble);
    std::vector<float> rows = {0.5f, 1, std::nextafter(1.0f, 0.0f), kNan, kInfinity, -kInfinity, 2, 0, -0.0f};
    const std::vector<float> expected = {10, 20, 10, missing, 20, 10, 20, 10, 10};
    std::vector<float> out(rows.size());
    ensemble->predict(rows, out);
    EXPECT_EQ(out, expected);
  }
}

TEST(TreeEnsemble, ContributionsAddUpToTheScore) {
  const Shape shape{.features = 6, .trees = 50};
  const auto ensemble = TreeEnsemble::build(random_parts(7, shape));
  ASSERT_TRUE(ensemble);
  const auto rows = random_rows(8, shape, 40);
  std::vector<float> scores(40);
  ensemble->predict(rows, scores);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto parts = ensemble->contributions(std::span(rows).subspan(i * 6, 6));
    double sum = parts.start;
    for (const double value : parts.columns) sum += value;
    // Fifty additions in float beside the same in double.
    EXPECT_NEAR(sum, scores[i], 1e-4 * std::max(1.0f, std::abs(scores[i])));
  }
}

TEST(TreeEnsemble, ContributionsNameTheColumnThatWasAsked) {
  const auto ensemble = TreeEnsemble::build(
      {.features = {"a", "b", "c"},
       .base = 1,
       .linear = {{.column = 2, .weight = 2}},
       .trees = {{{.column = 1, .right = 2, .threshold = 0, .value = 4}, {.value = 3}, {.value = 6}}}});
  ASSERT_TRUE(ensemble);
  const auto parts = ensemble->contributions(std::vector<float>{9, -1, 5});
  EXPECT_EQ(parts.start, 5);
  EXPECT_THAT(parts.columns, testing::ElementsAre(0, -1, 10));
}

TEST(TreeEnsemble, TheFileGivesTheSameEnsembleBack) {
  const EnsembleParts parts = random_parts(3, {.features = 9, .trees = 12, .depth = 7});
  const auto ensemble = TreeEnsemble::build(parts);
  ASSERT_TRUE(ensemble);
  const auto again = TreeEnsemble::parse(ensemble->serialise());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->parts(), parts);
  EXPECT_EQ(TreeEnsemble::parse(TreeEnsemble().serialise())->trees(), 0u);
}

TEST(TreeEnsemble, AnyDamageToTheFileIsAnError) {
  const std::string bytes = TreeEnsemble::build(random_parts(3, {.trees = 2, .depth = 3}))->serialise();
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(TreeEnsemble::parse(bytes.substr(0, size)));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(TreeEnsemble::parse(damaged)) << at;
  }
  EXPECT_FALSE(TreeEnsemble::parse(bytes + "x"));
}

// With a checksum that is right, the content itself must be looked at.
std::string sealed(std::string body) {
  std::string bytes = "HTRE";
  put_fixed(bytes, std::uint32_t{1});
  bytes += body;
  put_fixed(bytes, crc32c(bytes));
  return bytes;
}

TEST(TreeEnsemble, HostileFilesAreRefused) {
  const auto start = [](std::uint64_t features, std::uint64_t trees) {
    std::string body;
    put_varint(body, features);
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(features, 3); ++i) put_string(body, "f");
    put_fixed(body, 0.0f);
    put_varint(body, 0);
    put_varint(body, trees);
    return body;
  };
  const auto node = [](std::uint64_t head, float threshold, float value) {
    std::string out;
    put_varint(out, head);
    if (head > 0) put_fixed(out, threshold);
    put_fixed(out, value);
    return out;
  };
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += node(1, 0, 0);
  const std::vector<std::string> bodies = {
      start(1ull << 60, 0),
      start(1, 1ull << 60),
      start(1, 1) + node(3, 0, 0) + node(0, 0, 0) + node(0, 0, 0),  // no such column
      start(1, 1) + deep,                                           // an abyss
      start(1, 1) + node(1, kNan, 0) + node(0, 0, 0) + node(0, 0, 0),
      start(1, 1) + node(0, 0, kInfinity),
      start(1, 1) + node(0, 0, 0) + "x",
  };
  for (const std::string& body : bodies) EXPECT_FALSE(TreeEnsemble::parse(sealed(body)));
  EXPECT_TRUE(TreeEnsemble::parse(sealed(start(1, 1) + node(0, 0, 2))));
}

TEST(TreeEnsemble, PartsThatAreNoTreeAreRefused) {
  const std::vector<std::vector<TreeNode>> trees = {
      {},
      {{.column = 0, .right = 0, .threshold = 1}, {}, {}},  // a cycle
      {{.column = 0, .right = 1, .threshold = 1}, {}, {}},  // a child twice
      {{.column = 0, .right = 2, .threshold = 1}, {}},      // a child beyond the end
      {{.column = 7, .right = 2, .threshold = 1}, {}, {}},
      {{}, {}},  // a node that nothing leads to
      {{.value = kNan}},
  };
  for (const auto& tree : trees) EXPECT_FALSE(TreeEnsemble::build({.features = {"a"}, .trees = {tree}}));
}

}  // namespace
}  // namespace handsel::trees

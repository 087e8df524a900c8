#include "ranking/trees/internal/xgboost_model.h"

#include <cmath>
#include <cstdlib>

#include <nlohmann/json.hpp>

namespace handsel::trees::internal {
namespace {

using Json = nlohmann::json;

// The arrays of one tree; all as long as `left`.
struct Arrays {
  const Json& left;
  const Json& right;
  const Json& columns;
  const Json& conditions;  // of an inner node the threshold, of a leaf its value
  const Json& missing_left;
  const Json& cover;  // sum of hessians
};

// Appends the subtree of XGBoost's node `from` in preorder; gives its cover.
Result<double> append(const Arrays& arrays, std::size_t from, std::size_t depth, std::vector<TreeNode>& tree) {
  if (from >= arrays.left.size() || depth > kTreeDepthMax || tree.size() >= kTreeNodesMax) {
    return fail(Code::kInvalidData, "a tree of XGBoost's is no tree, or beyond the limits");
  }
  const std::size_t at = tree.size();
  tree.emplace_back();
  const auto condition = arrays.conditions.at(from).get<float>();
  const auto left = arrays.left.at(from).get<std::int64_t>();
  if (left < 0) {
    tree[at].value = condition;
    return arrays.cover.at(from).get<double>();
  }
  tree[at].column = arrays.columns.at(from).get<std::uint32_t>();
  tree[at].threshold = condition;
  tree[at].missing_left = arrays.missing_left.at(from).get<int>() != 0;
  HANDSEL_ASSIGN(const double left_cover, append(arrays, static_cast<std::size_t>(left), depth + 1, tree));
  const std::size_t right_at = tree.size();
  tree[at].right = static_cast<std::uint32_t>(right_at);
  const auto right = arrays.right.at(from).get<std::int64_t>();
  if (right < 0) return fail(Code::kInvalidData, "a node of XGBoost's has one child");
  HANDSEL_ASSIGN(const double right_cover, append(arrays, static_cast<std::size_t>(right), depth + 1, tree));
  const double cover = left_cover + right_cover;
  const double share = cover > 0 ? left_cover / cover : 0.5;
  tree[at].value = static_cast<float>(share * tree[at + 1].value + (1 - share) * tree[right_at].value);
  return cover;
}

Result<XgboostModel> read(const Json& model) {
  const Json& learner = model.at("learner");
  XgboostModel out;
  out.base = std::strtof(learner.at("learner_model_param").at("base_score").get<std::string>().c_str(), nullptr);
  const Json& booster = learner.at("gradient_booster");
  if (booster.at("name") != "gbtree") return fail(Code::kUnsupported, "XGBoost made something other than trees");
  for (const Json& tree : booster.at("model").at("trees")) {
    if (!tree.at("categories").empty()) return fail(Code::kUnsupported, "XGBoost made categorical splits");
    const Arrays arrays{.left = tree.at("left_children"),
                        .right = tree.at("right_children"),
                        .columns = tree.at("split_indices"),
                        .conditions = tree.at("split_conditions"),
                        .missing_left = tree.at("default_left"),
                        .cover = tree.at("sum_hessian")};
    HANDSEL_TRY(append(arrays, 0, 0, out.trees.emplace_back()));
  }
  return out;
}

}  // namespace

Result<XgboostModel> read_xgboost_model(std::string_view ubjson) {
  try {
    return read(Json::from_ubjson(ubjson.begin(), ubjson.end()));
  } catch (const Json::exception& error) {
    return fail(Code::kInvalidData, "no model of XGBoost's: {}", error.what());
  }
}

}  // namespace handsel::trees::internal

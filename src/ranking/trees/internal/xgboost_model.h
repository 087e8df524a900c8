// XGBoost's own model file (UBJSON, of XGBoost 1.6 or newer) becomes trees of ours, exactly:
// thresholds and leaves keep their bits.
//
// Only what our trainer makes: one output, numeric splits, gbtree. Anything else is
// kUnsupported; bytes that are no such model are kInvalidData.
#pragma once

#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "ranking/trees/tree_ensemble.h"

namespace handsel::trees::internal {

struct XgboostModel {
  float base = 0;
  std::vector<std::vector<TreeNode>> trees;
};

Result<XgboostModel> read_xgboost_model(std::string_view ubjson);

}  // namespace handsel::trees::internal

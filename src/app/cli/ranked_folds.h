// Judged queries rank themselves, without having seen themselves: rows by the code that
// serves, scores by rankers that were trained on the other queries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/cli/command.h"
#include "app/engine/engine.h"
#include "proof/evaluate/judgments.h"
#include "ranking/trees/ranking_rows.h"

namespace handsel::cli {

struct FoldOptions {
  std::string language;
  std::string filter;
  bool words_only = false;
  std::size_t folds = 5;
  std::size_t at = 10;
  std::uint64_t seed = 1;
};

// By query id: listing ids, best first. Candidates are what the engine ranks (at most
// pipeline::kRankedMax and kExtrasMax); nothing follows them.
using Rankings = std::unordered_map<std::string, std::vector<std::string>>;
Result<Rankings> rank_by_folds(const Engine& engine, const evaluate::JudgedSet& set, const FoldOptions& options,
                               const Context& context);

// The same candidates by one feature alone ("match" is BM25F, "similarity" the encoder): to
// see what each part brings. kInvalidArgument where no feature has that name.
Result<Rankings> rank_by_feature(const Engine& engine, const evaluate::JudgedSet& set, const FoldOptions& options,
                                 const std::string& feature, const Context& context);

}  // namespace handsel::cli

#include "app/cli/ranked_folds.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/ranges.h>

#include "app/engine/ranking_data.h"
#include "base/core/progress.h"
#include "ranking/features/matrix.h"
#include "ranking/learning/ranker_training.h"

namespace handsel::cli {

namespace {

Result<std::vector<search::CandidateRows>> read_rows(const Engine& engine, const evaluate::JudgedSet& set,
                                                     const FoldOptions& options, const Context& context) {
  std::vector<search::CandidateRows> all;
  Progress progress("evaluate", "queries", set.queries.size(), context.json, context.process.err);
  for (const evaluate::JudgedQuery& query : set.queries) {
    HANDSEL_ASSIGN(search::CandidateRows rows, engine.candidate_rows({.query = query.text,
                                                                      .language = options.language,
                                                                      .filter = options.filter,
                                                                      .meaning = !options.words_only,
                                                                      .personalise = false}));
    all.push_back(std::move(rows));
    progress.add(1);
  }
  return all;
}

// Best first; equal scores keep the order that they have. NaN is last.
std::vector<std::string> ordered(const std::vector<std::string>& ids, std::span<const float> scores) {
  std::vector<std::size_t> order(ids.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) {
    return std::isnan(scores[i]) ? -std::numeric_limits<float>::infinity() : scores[i];
  });
  std::vector<std::string> ranking;
  for (const std::size_t i : order) ranking.push_back(ids[i]);
  return ranking;
}

}  // namespace

Result<Rankings> rank_by_feature(const Engine& engine, const evaluate::JudgedSet& set, const FoldOptions& options,
                                 const std::string& feature, const Context& context) {
  const auto names = features::feature_names();
  const auto column = static_cast<std::size_t>(std::ranges::find(names, feature) - names.begin());
  if (column == names.size()) {
    return fail(Code::kInvalidArgument, "--order-by: there is no feature '{}'; known: {}", feature,
                fmt::join(names, ", "));
  }
  HANDSEL_ASSIGN(const auto all, read_rows(engine, set, options, context));
  Rankings rankings;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<float> scores;
    for (std::size_t row = 0; row < all[i].ids.size(); ++row) {
      scores.push_back(all[i].values[row * names.size() + column]);
    }
    rankings[set.queries[i].id] = ordered(all[i].ids, scores);
  }
  return rankings;
}

Result<Rankings> rank_by_folds(const Engine& engine, const evaluate::JudgedSet& set, const FoldOptions& options,
                               const Context& context) {
  HANDSEL_ASSIGN(const auto all, read_rows(engine, set, options, context));
  RankingData data;
  for (std::size_t i = 0; i < all.size(); ++i) data.add_judged(all[i], set.queries[i].gains);
  learning::RankerOptions training = ranker_options();
  training.at = options.at;
  training.seed = options.seed;
  Progress progress("evaluate", "models", 0, context.json, context.process.err);
  HANDSEL_ASSIGN(const std::vector<float> scores,
                 learning::cross_validate(data.rows(), training, options.folds,
                                          [&](std::size_t, std::size_t) { progress.add(1); }));
  Rankings rankings;
  std::size_t row = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    rankings[set.queries[i].id] = ordered(all[i].ids, std::span(scores).subspan(row, all[i].ids.size()));
    row += all[i].ids.size();
  }
  return rankings;
}

}  // namespace handsel::cli

#include "app/cli/ranked_folds.h"

#include <algorithm>
#include <numeric>

#include "app/engine/ranking_data.h"
#include "base/core/progress.h"
#include "ranking/learning/ranker_training.h"

namespace handsel::cli {

Result<Rankings> rank_by_folds(const Engine& engine, const evaluate::JudgedSet& set, const FoldOptions& options,
                               const Context& context) {
  RankingData data;
  std::vector<std::vector<std::string>> ids;  // by group
  Progress reading("evaluate", "queries", set.queries.size(), context.json, context.process.err);
  for (const evaluate::JudgedQuery& query : set.queries) {
    HANDSEL_ASSIGN(search::CandidateRows rows, engine.candidate_rows({.query = query.text,
                                                                      .language = options.language,
                                                                      .filter = options.filter,
                                                                      .meaning = !options.words_only,
                                                                      .personalise = false}));
    data.add_judged(rows, query.gains);
    ids.push_back(std::move(rows.ids));
    reading.add(1);
  }
  reading.finish();
  learning::RankerOptions training = ranker_options();
  training.at = options.at;
  training.seed = options.seed;
  Progress progress("evaluate", "models", 0, context.json, context.process.err);
  HANDSEL_ASSIGN(const std::vector<float> scores,
                 learning::cross_validate(data.rows(), training, options.folds,
                                          [&](std::size_t, std::size_t) { progress.add(1); }));
  progress.finish();
  Rankings rankings;
  std::size_t row = 0;
  for (std::size_t group = 0; group < ids.size(); ++group) {
    const auto own = std::span(scores).subspan(row, ids[group].size());
    row += ids[group].size();
    std::vector<std::size_t> order(own.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // Equal scores keep the order of the ranker before.
    std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return own[i]; });
    std::vector<std::string>& ranking = rankings[set.queries[group].id];
    for (const std::size_t i : order) ranking.push_back(ids[group][i]);
  }
  return rankings;
}

}  // namespace handsel::cli

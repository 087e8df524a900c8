#include "ranking/trees/train.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "ranking/trees/internal/booster.h"
#include "ranking/trees/internal/xgboost_model.h"
#include "ranking/trees/ndcg.h"

namespace handsel::trees {
namespace {

constexpr double kBetterBy = 1e-6;  // NDCG that counts as progress

Result<void> check(const TreeOptions& options) {
  const auto in = [](double value, double low, double high) { return value >= low && value <= high; };
  if (!in(static_cast<double>(options.rounds), 1, kRoundsMax)) {
    return fail(Code::kInvalidArgument, "{} rounds; 1 to {} are possible", options.rounds, kRoundsMax);
  }
  if (!in(options.learning_rate, 1e-6, 1)) return fail(Code::kInvalidArgument, "the learning rate is not in (0, 1]");
  if (options.leaves < 2 || options.leaves > 256) return fail(Code::kInvalidArgument, "leaves are 2 to 256");
  if (options.depth < 1 || options.depth > kTreeDepthMax) {
    return fail(Code::kInvalidArgument, "depth is 1 to {}", kTreeDepthMax);
  }
  if (!in(options.row_share, 0.01, 1) || !in(options.column_share, 0.01, 1)) {
    return fail(Code::kInvalidArgument, "shares of rows and columns are 0.01 to 1");
  }
  if (!in(options.hessian_min, 0, 1e9) || !in(options.l2, 0, 1e9) || !in(options.gain_min, 0, 1e9)) {
    return fail(Code::kInvalidArgument, "a regularisation is out of range");
  }
  if (options.at == 0 || options.lambda.truncation == 0) return fail(Code::kInvalidArgument, "0 places");
  if (options.threads < 1 || options.threads > 1024) return fail(Code::kInvalidArgument, "threads are 1 to 1024");
  return {};
}

std::string monotone_constraints(const RankingRows& rows, const std::vector<std::string>& increasing) {
  std::string out;
  for (const std::string& feature : rows.features) {
    out += out.empty() ? '(' : ',';
    out += std::ranges::find(increasing, feature) != increasing.end() ? '1' : '0';
  }
  return out + ")";
}

internal::Settings settings_of(const RankingRows& rows, const TreeOptions& options) {
  internal::Settings settings = {
      {"booster", "gbtree"},
      {"tree_method", "hist"},
      {"grow_policy", "lossguide"},
      {"max_bin", fmt::format("{}", kBinsMax)},
      {"objective", options.objective == Objective::kLambda ? "reg:squarederror" : "rank:ndcg"},
      {"base_score", "0"},
      {"eta", fmt::format("{}", options.learning_rate)},
      {"max_leaves", fmt::format("{}", options.leaves)},
      {"max_depth", fmt::format("{}", options.depth)},
      {"min_child_weight", fmt::format("{}", options.hessian_min)},
      {"lambda", fmt::format("{}", options.l2)},
      {"gamma", fmt::format("{}", options.gain_min)},
      {"subsample", fmt::format("{}", options.row_share)},
      {"colsample_bynode", fmt::format("{}", options.column_share)},
      {"seed", fmt::format("{}", options.seed & 0x7fffffff)},
      {"nthread", fmt::format("{}", options.threads)},
      {"verbosity", "0"},
  };
  if (!options.increasing.empty()) settings["monotone_constraints"] = monotone_constraints(rows, options.increasing);
  return settings;
}

// One run: matrices, booster and what is remembered between rounds.
class Run {
 public:
  Run(const RankingRows& rows, const RankingRows& kept_apart, const TreeOptions& options)
      : rows_(rows), kept_apart_(kept_apart), options_(options) {}

  Result<void> open() {
    HANDSEL_ASSIGN(start_, TreeEnsemble::build({.features = rows_.features, .linear = options_.linear}));
    HANDSEL_ASSIGN(train_, matrix_of(rows_, scores_));
    std::vector<const internal::Matrix*> matrices = {&train_};
    if (kept_apart_.groups() > 0) {
      HANDSEL_ASSIGN(apart_, matrix_of(kept_apart_, apart_scores_));
      matrices.push_back(&apart_);
    }
    HANDSEL_ASSIGN(booster_, internal::Booster::create(matrices, settings_of(rows_, options_)));
    gradients_.resize(rows_.rows());
    hessians_.resize(rows_.rows());
    return {};
  }

  Result<TrainedTrees> learn(const RoundProgress& progress, const std::stop_token& stop) {
    measure();
    for (std::size_t round = 0; round < options_.rounds; ++round) {
      if (stop.stop_requested()) return fail(Code::kCancelled, "training was stopped after {} rounds", round);
      HANDSEL_TRY(one_round(round));
      measure();
      if (progress) progress(round + 1, options_.rounds);
      if (options_.patience > 0 && kept_apart_.groups() > 0 && round + 1 >= best_ + options_.patience) break;
    }
    return finish();
  }

 private:
  Result<internal::Matrix> matrix_of(const RankingRows& rows, std::vector<float>& scores) const {
    HANDSEL_ASSIGN(internal::Matrix matrix, internal::Matrix::create(rows, options_.threads));
    scores.resize(rows.rows());
    start_.predict(rows.values, scores);
    for (std::size_t r = 0; r < scores.size(); ++r) scores[r] += rows.offset(r);
    HANDSEL_TRY(matrix.set_margins(scores));
    if (options_.objective == Objective::kXgboostNdcg) HANDSEL_TRY(matrix.set_grades(rows));
    return matrix;
  }

  Result<void> one_round(std::size_t round) {
    if (options_.objective == Objective::kXgboostNdcg) {
      HANDSEL_TRY(booster_.update(train_, static_cast<int>(round)));
    } else {
      lambda_gradients(rows_, scores_, options_.lambda, gradients_, hessians_);
      HANDSEL_TRY(booster_.boost(train_, gradients_, hessians_));
      HANDSEL_TRY(booster_.predict(train_, scores_));
    }
    if (kept_apart_.groups() == 0) return {};
    return booster_.predict(apart_, apart_scores_);
  }

  void measure() {
    if (kept_apart_.groups() == 0) return;
    ndcg_.push_back(mean_of_known(ndcg_of_groups(kept_apart_, apart_scores_, options_.at)));
    if (ndcg_.back() > ndcg_[best_] + kBetterBy) best_ = ndcg_.size() - 1;
  }

  Result<TrainedTrees> finish() {
    HANDSEL_ASSIGN(const std::string bytes, booster_.save());
    HANDSEL_ASSIGN(internal::XgboostModel model, internal::read_xgboost_model(bytes));
    const std::size_t best = kept_apart_.groups() == 0 ? model.trees.size() : best_;
    HANDSEL_ASSIGN(TreeEnsemble ensemble, TreeEnsemble::build({.features = rows_.features,
                                                               .base = model.base,
                                                               .linear = options_.linear,
                                                               .trees = std::move(model.trees)}));
    return TrainedTrees{.ensemble = std::move(ensemble), .ndcg = std::move(ndcg_), .best = best};
  }

  const RankingRows& rows_;
  const RankingRows& kept_apart_;
  const TreeOptions& options_;
  TreeEnsemble start_;
  internal::Matrix train_;
  internal::Matrix apart_;
  internal::Booster booster_;
  std::vector<float> scores_;
  std::vector<float> apart_scores_;
  std::vector<float> gradients_;
  std::vector<float> hessians_;
  std::vector<double> ndcg_;
  std::size_t best_ = 0;
};

}  // namespace

Result<TrainedTrees> train_trees(const RankingRows& rows, const RankingRows& kept_apart, const TreeOptions& options,
                                 const RoundProgress& progress, const std::stop_token& stop) {
  HANDSEL_TRY(check(options));
  HANDSEL_TRY(check(rows));
  if (rows.groups() == 0 || rows.rows() == 0) return fail(Code::kInvalidArgument, "there are no rows to learn from");
  if (kept_apart.groups() > 0) {
    HANDSEL_TRY(check(kept_apart));
    if (kept_apart.features != rows.features) {
      return fail(Code::kInvalidArgument, "the kept-apart rows have other features");
    }
  }
  Run run(rows, kept_apart, options);
  HANDSEL_TRY(run.open());
  return run.learn(progress, stop);
}

TreeEnsemble first_trees(const TreeEnsemble& ensemble, std::size_t rounds) {
  EnsembleParts parts = ensemble.parts();
  parts.trees.resize(std::min(rounds, parts.trees.size()));
  return *TreeEnsemble::build(std::move(parts));
}

Result<TreeEnsemble> average(std::span<const TreeEnsemble> ensembles) {
  if (ensembles.empty()) return fail(Code::kInvalidArgument, "the average of no rankers");
  const float share = 1 / static_cast<float>(ensembles.size());
  EnsembleParts out{.features = ensembles.front().parts().features};
  struct Sum {
    double weight = 0;
    double missing = 0;  // what the terms say of a row without the value
  };
  std::map<std::uint32_t, Sum> linear;
  for (const TreeEnsemble& ensemble : ensembles) {
    const EnsembleParts& parts = ensemble.parts();
    if (parts.features != out.features) return fail(Code::kInvalidArgument, "rankers of different features");
    out.base += parts.base * share;
    for (const LinearTerm& term : parts.linear) {
      linear[term.column].weight += static_cast<double>(term.weight) * share;
      linear[term.column].missing += static_cast<double>(term.weight) * term.missing * share;
    }
    for (auto tree : parts.trees) {
      for (TreeNode& node : tree) node.value *= share;
      out.trees.push_back(std::move(tree));
    }
  }
  for (const auto& [column, sum] : linear) {
    const auto missing = static_cast<float>(sum.weight == 0 ? 0 : sum.missing / sum.weight);
    out.linear.push_back(
        {.column = column, .weight = static_cast<float>(sum.weight), .missing = std::isfinite(missing) ? missing : 0});
  }
  return TreeEnsemble::build(std::move(out));
}

std::string trainer_version() {
  return "XGBoost " + internal::xgboost_version();
}

}  // namespace handsel::trees

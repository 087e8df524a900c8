#include "ranking/learning/ranker_training.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

#include "base/core/rng.h"
#include "ranking/learning/pair_loss.h"
#include "ranking/trees/ndcg.h"

namespace handsel::learning {
namespace {

using trees::RankingRows;
using trees::TreeEnsemble;

constexpr std::size_t kResamples = 2'000;
constexpr std::string_view kPlaces = "places";
constexpr std::array kUnseen = {Unseen::kIgnored, Unseen::kAsTold, Unseen::kBelieved};
// The baseline's units may be any; the best of its own and these beside offsets, which are logarithms of odds.
constexpr std::array kScales = {0.0F, 0.01F, 0.03F, 0.1F, 0.3F, 3.0F};
constexpr double kAsGood = 1e-4;  // NDCG within which the simpler learner is taken

// Three to one, from an interval of 95 %. Beside what places explain, little of who is clicked is left to
// foresee: rankers that are .02 of NDCG better in truth gain .002 here, and a demo of 20,000 listings knows
// that to .002.
bool is_likely_positive(const Interval& gain) {
  return gain.estimate > 0.6745 / 1.9600 * (gain.estimate - gain.low);
}

// By TrainedRanker::pair_losses. Where clicks teach nothing, they say nothing of the page.
double believing_cost(const std::map<std::string, double>& losses) {
  const auto loss = [&](std::string_view of) { return losses.at(std::string(of)); };
  const double places = loss(kPlaces);
  double least = places;
  for (const Unseen unseen : kUnseen) least = std::min(least, loss(unseen_name(unseen)));
  return places > least ? (loss(unseen_name(Unseen::kBelieved)) - least) / (places - least) : kTellingCostMax;
}

std::vector<double> known(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  return values;
}

std::vector<std::size_t> all_but(const std::vector<std::size_t>& fold, std::size_t groups) {
  std::vector<bool> out_of(groups);
  for (const std::size_t group : fold) out_of[group] = true;
  std::vector<std::size_t> rest;
  for (std::size_t group = 0; group < groups; ++group) {
    if (!out_of[group]) rest.push_back(group);
  }
  return rest;
}

std::vector<trees::LinearTerm> baseline_terms(const RankingRows& rows, const RankerOptions& options) {
  if (options.baseline.empty()) return {};
  return {{.column = static_cast<std::uint32_t>(trees::column_of(rows, options.baseline)), .weight = 1}};
}

struct Fold {
  RankingRows train;
  RankingRows apart;
};

// What one learner made of all folds.
struct Attempt {
  Learner learner = Learner::kBaseline;
  std::vector<std::vector<trees::TrainedTrees>> models;  // by fold
  std::size_t rounds = 0;
  Unseen unseen = Unseen::kAsTold;
  std::map<std::string, double> pair_losses;
  std::vector<double> ndcg;    // of every kept-apart group, fold after fold
  std::vector<double> losses;  // pair_losses() likewise, where what was not shown is weighed
};

class Training {
 public:
  // `apart`: the caller's own kept-apart groups, or null.
  Training(const RankingRows& rows, const RankingRows* apart, const RankerOptions& options,
           const TrainingProgress& progress, const std::stop_token& stop)
      : rows_(rows), apart_(apart), options_(options), progress_(progress), stop_(stop) {
    learners_ = options.learners;
    std::ranges::sort(learners_);
    learners_.erase(std::ranges::unique(learners_).begin(), learners_.end());
    if (options.baseline.empty()) std::erase(learners_, Learner::kBaseline);
  }

  Result<TrainedRanker> run() {
    HANDSEL_TRY(check());
    make_folds();
    total_ = 0;
    for (const Learner learner : learners_) {
      const std::size_t believing = options_.believing_trees ? 1 : 0;
      total_ += (weighs_unseen(learner) ? kUnseen.size() + believing : 1) * folds_.size() * options_.models;
    }
    std::vector<Attempt> attempts;
    for (const Learner learner : learners_) {
      HANDSEL_ASSIGN(Attempt attempt,
                     weighs_unseen(learner) ? choose_unseen(learner) : try_learner(learner, options_.trees));
      attempts.push_back(std::move(attempt));
    }
    const Attempt* best = &attempts.front();
    for (const Attempt& attempt : attempts) {
      if (trees::mean_of_known(attempt.ndcg) > trees::mean_of_known(best->ndcg) + kAsGood) best = &attempt;
    }
    return conclude(attempts, *best);
  }

 private:
  Result<void> check() const {
    HANDSEL_TRY(trees::check(rows_));
    if (learners_.empty()) return fail(Code::kInvalidArgument, "no learner to choose from");
    if (options_.folds < 2 || options_.folds > kFoldsMax)
      return fail(Code::kInvalidArgument, "folds are 2 to {}", kFoldsMax);
    if (options_.models < 1 || options_.folds * options_.models > kModelsMax) {
      return fail(Code::kInvalidArgument, "folds x models are at most {}", kModelsMax);
    }
    if (options_.at == 0) return fail(Code::kInvalidArgument, "NDCG of 0 places");
    if (!options_.baseline.empty() && baseline_column() == rows_.features.size()) {
      return fail(Code::kInvalidArgument, "the baseline '{}' is no feature", options_.baseline);
    }
    std::size_t speaking = 0;
    for (std::size_t group = 0; group < rows_.groups(); ++group) {
      const auto gains = std::span(rows_.gains).subspan(rows_.begin_of(group), rows_.size_of(group));
      speaking += std::ranges::any_of(gains, [](float gain) { return gain > 0; });
    }
    if (speaking < 2) return fail(Code::kInvalidArgument, "{} groups with something to find; at least 2", speaking);
    return {};
  }

  std::size_t baseline_column() const { return trees::column_of(rows_, options_.baseline); }

  void make_folds() {
    if (apart_ != nullptr) {
      folds_.push_back({.train = rows_, .apart = *apart_});
      return;
    }
    auto dealt = deal(rows_.groups(), std::min(options_.folds, rows_.groups()), options_.seed);
    if (rows_.groups() > kFoldedGroupsMax) dealt.resize(std::min(dealt.size(), kFoldsOfMany));
    for (const auto& fold : dealt) {
      RankingRows apart = trees::select_groups(rows_, fold);
      folds_.push_back({.train = trees::select_groups(rows_, all_but(fold, rows_.groups())),
                        .apart = options_.weighs_unseen ? trees::shown_alone(apart) : std::move(apart)});
    }
  }

  bool weighs_unseen(Learner learner) const {
    return learner == Learner::kTrees && options_.weighs_unseen && std::ranges::count(rows_.unseen, 1) > 0;
  }

  Result<Attempt> choose_unseen(Learner learner) {
    std::vector<RankingRows> as_told;  // weights and offsets alone
    for (const Fold& fold : folds_) as_told.push_back({.weights = fold.train.weights, .offsets = fold.train.offsets});
    const auto take_all = [&](Unseen unseen) {
      for (std::size_t f = 0; f < folds_.size(); ++f) take(unseen, as_told[f], folds_[f].train);
    };
    std::vector<Attempt> attempts;
    std::map<std::string, double> losses = {{std::string(kPlaces), pair_loss_of_places()}};
    for (const Unseen unseen : kUnseen) {
      take_all(unseen);
      HANDSEL_ASSIGN(Attempt attempt, try_learner(learner, options_.trees));
      attempt.unseen = unseen;
      losses.emplace(unseen_name(unseen), trees::mean_of_known(attempt.losses));
      attempts.push_back(std::move(attempt));
    }
    const double cost = believing_cost(losses);
    const Unseen unseen = cost <= kBelievingCostMax ? Unseen::kBelieved
                          : cost <= kTellingCostMax ? Unseen::kAsTold
                                                    : Unseen::kIgnored;
    Attempt chosen = std::move(attempts[std::to_underlying(unseen)]);
    if (unseen == Unseen::kBelieved && options_.believing_trees) {
      take_all(unseen);
      HANDSEL_ASSIGN(chosen, try_learner(learner, *options_.believing_trees));
      chosen.unseen = unseen;
    }
    take_all(Unseen::kAsTold);
    chosen.pair_losses = std::move(losses);
    return chosen;
  }

  static void take(Unseen unseen, const RankingRows& as_told, RankingRows& rows) {
    rows.weights = as_told.weights;
    rows.offsets = as_told.offsets;
    if (unseen == Unseen::kAsTold) return;
    rows.weights.resize(rows.rows(), 1);
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      if (rows.was_shown(r)) continue;
      rows.weights[r] = unseen == Unseen::kBelieved ? 1 : 0;
      if (!rows.offsets.empty()) rows.offsets[r] = 0;
    }
  }

  double pair_loss_of_places() const {
    std::vector<double> losses;
    for (const Fold& fold : folds_) {
      const std::vector<float> none(fold.apart.rows());
      std::ranges::copy(pair_losses(fold.apart, none, 0), std::back_inserter(losses));
    }
    return trees::mean_of_known(losses);
  }

  Result<Attempt> try_learner(Learner learner, const trees::TreeOptions& options) {
    Attempt attempt{.learner = learner};
    for (const Fold& fold : folds_) {
      auto& models = attempt.models.emplace_back();
      HANDSEL_ASSIGN(const TreeEnsemble start, start_of(learner, fold));
      for (std::size_t model = 0; model < options_.models; ++model) {
        HANDSEL_ASSIGN(auto trained, train(learner, options, fold, start, attempt.models.size() * kModelsMax + model));
        models.push_back(std::move(trained));
        if (progress_) progress_(++done_, total_);
      }
    }
    attempt.rounds = best_rounds(attempt, options.patience);
    HANDSEL_TRY(score(attempt));
    return attempt;
  }

  // What trees are added to; all there is where the learner has none.
  Result<TreeEnsemble> start_of(Learner learner, const Fold& fold) const {
    if (learner == Learner::kBaseline) {
      return TreeEnsemble::build({.features = rows_.features, .linear = baseline_terms(rows_, options_)});
    }
    if (learner == Learner::kTrees) return TreeEnsemble::build({.features = rows_.features});
    trees::LinearOptions linear = options_.linear;
    linear.start = baseline_terms(rows_, options_);
    linear.increasing = options_.increasing;
    return trees::train_linear(fold.train, linear, stop_);
  }

  Result<trees::TrainedTrees> train(Learner learner, trees::TreeOptions options, const Fold& fold,
                                    const TreeEnsemble& start, std::uint64_t stream) const {
    if (learner == Learner::kBaseline || learner == Learner::kLinear) return trees::TrainedTrees{.ensemble = start};
    options.linear = start.parts().linear;
    options.increasing = options_.increasing;
    options.seed = Rng(options_.seed).split(stream)();
    options.threads = options_.threads;
    options.at = options_.at;
    return trees::train_trees(fold.train, fold.apart, options, {}, stop_);
  }

  // The best for all folds together. A run that stopped early counts as it stood at its end.
  std::size_t best_rounds(const Attempt& attempt, std::size_t patience) const {
    std::size_t longest = 0;
    for (const auto& models : attempt.models) {
      for (const auto& model : models) longest = std::max(longest, model.ensemble.trees());
    }
    if (patience == 0) return longest;
    std::size_t best = 0;
    double best_sum = -1;
    for (std::size_t rounds = 0; rounds <= longest; ++rounds) {
      double sum = 0;
      for (std::size_t f = 0; f < folds_.size(); ++f) {
        for (const auto& model : attempt.models[f]) {
          if (model.ndcg.empty()) continue;
          sum += model.ndcg[std::min(rounds, model.ndcg.size() - 1)] * static_cast<double>(folds_[f].apart.groups());
        }
      }
      if (sum > best_sum + 1e-9) {
        best_sum = sum;
        best = rounds;
      }
    }
    return best;
  }

  Result<TreeEnsemble> mean_of(const Attempt& attempt, std::size_t first_fold, std::size_t end_fold) const {
    std::vector<TreeEnsemble> models;
    for (std::size_t f = first_fold; f < end_fold; ++f) {
      for (const auto& model : attempt.models[f]) models.push_back(trees::first_trees(model.ensemble, attempt.rounds));
    }
    return trees::average(models);
  }

  // How well what was chosen is foreseen, by who looked where and the learner's score.
  Result<void> score(Attempt& attempt) const {
    for (std::size_t f = 0; f < folds_.size(); ++f) {
      const RankingRows& apart = folds_[f].apart;
      HANDSEL_ASSIGN(const TreeEnsemble ensemble, mean_of(attempt, f, f + 1));
      std::vector<float> scores(apart.rows());
      ensemble.predict(apart.values, scores);
      const auto at_scale = [&](double scale) {
        std::vector<float> scaled(scores.size());
        for (std::size_t r = 0; r < scaled.size(); ++r) {
          scaled[r] = static_cast<float>(scale) * scores[r] + apart.offset(r);
        }
        return trees::ndcg_of_groups(apart, scaled, options_.at);
      };
      std::vector<double> ndcg;
      if (options_.weighs_unseen) {
        const double scale = best_scale(apart, scores);
        ndcg = at_scale(scale);
        std::ranges::copy(pair_losses(apart, scores, scale), std::back_inserter(attempt.losses));
      } else {
        ndcg = at_scale(1);
        const bool is_of_any_units = attempt.learner == Learner::kBaseline && !apart.offsets.empty();
        for (const float scale : is_of_any_units ? std::span(kScales) : std::span<const float>()) {
          std::vector<double> values = at_scale(scale);
          if (trees::mean_of_known(values) > trees::mean_of_known(ndcg)) ndcg = std::move(values);
        }
      }
      std::ranges::copy(ndcg, std::back_inserter(attempt.ndcg));
    }
    return {};
  }

  // Group by group.
  Interval gain_over(const Attempt& baseline, const Attempt& other) const {
    std::vector<double> differences = other.ndcg;
    for (std::size_t i = 0; i < differences.size(); ++i) differences[i] -= baseline.ndcg[i];
    return bootstrap_mean(known(differences), kResamples, options_.seed);
  }

  Result<TrainedRanker> conclude(const std::vector<Attempt>& attempts, const Attempt& best) const {
    TrainedRanker out{
        .learner = best.learner, .rounds = best.rounds, .unseen = best.unseen, .pair_losses = best.pair_losses};
    HANDSEL_ASSIGN(out.ensemble, mean_of(best, 0, folds_.size()));
    for (const Attempt& attempt : attempts) {
      const auto values = known(attempt.ndcg);
      out.groups = values.size();
      out.ndcg.emplace(learner_name(attempt.learner), bootstrap_mean(values, kResamples, options_.seed));
      if (attempt.learner != Learner::kBaseline) continue;
      out.gain = gain_over(attempt, best);
      out.is_better = is_likely_positive(out.gain);  // never of the baseline itself: it gains nothing
    }
    return out;
  }

  const RankingRows& rows_;
  const RankingRows* const apart_;
  const RankerOptions& options_;
  const TrainingProgress& progress_;
  const std::stop_token& stop_;
  std::vector<Learner> learners_;  // simplest first
  std::vector<Fold> folds_;
  std::size_t done_ = 0;
  std::size_t total_ = 0;
};

}  // namespace

std::string_view learner_name(Learner learner) {
  switch (learner) {
    case Learner::kBaseline:
      return "baseline";
    case Learner::kLinear:
      return "linear";
    case Learner::kTrees:
      return "trees";
    case Learner::kLinearAndTrees:
      return "linear+trees";
  }
  return "";
}

std::string_view unseen_name(Unseen unseen) {
  switch (unseen) {
    case Unseen::kIgnored:
      return "ignored";
    case Unseen::kAsTold:
      return "as told";
    case Unseen::kBelieved:
      return "believed";
  }
  return "";
}

std::map<std::string, double> TrainedRanker::metrics() const {
  const auto found = ndcg.find(learner_name(learner));
  const Interval taken = found == ndcg.end() ? Interval{} : found->second;
  std::map<std::string, double> out = {{"ndcg", taken.estimate},
                                       {"ndcg_low", taken.low},
                                       {"ndcg_high", taken.high},
                                       {"gain", gain.estimate},
                                       {"gain_low", gain.low},
                                       {"gain_high", gain.high},
                                       {"groups", static_cast<double>(groups)},
                                       {"trees", static_cast<double>(ensemble.trees())}};
  if (!pair_losses.empty()) out.emplace("believing_cost", believing_cost(pair_losses));
  for (const auto& [name, loss] : pair_losses) out.emplace("pair_loss " + name, loss);
  for (const auto& [name, interval] : ndcg) out.emplace("ndcg " + name, interval.estimate);
  return out;
}

std::vector<std::vector<std::size_t>> deal(std::size_t groups, std::size_t folds, std::uint64_t seed) {
  HANDSEL_CHECK(folds > 0);
  std::vector<std::size_t> order(groups);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Rng rng(seed);
  for (std::size_t i = groups; i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  std::vector<std::vector<std::size_t>> out(folds);
  for (std::size_t i = 0; i < groups; ++i) out[i % folds].push_back(order[i]);
  for (auto& fold : out) std::ranges::sort(fold);
  return out;
}

Result<TrainedRanker> train_ranker(const RankingRows& rows, const RankerOptions& options,
                                   const TrainingProgress& progress, const std::stop_token& stop) {
  return Training(rows, nullptr, options, progress, stop).run();
}

Result<TrainedRanker> train_ranker_beside(const RankingRows& rows, const RankingRows& kept_apart,
                                          const RankerOptions& options, const TrainingProgress& progress,
                                          const std::stop_token& stop) {
  HANDSEL_TRY(trees::check(kept_apart));
  if (kept_apart.groups() == 0 || kept_apart.features != rows.features) {
    return fail(Code::kInvalidArgument, "the kept-apart rows have no groups, or other features");
  }
  return Training(rows, &kept_apart, options, progress, stop).run();
}

Result<std::vector<float>> cross_validate(const RankingRows& rows, const RankerOptions& options, std::size_t folds,
                                          const TrainingProgress& progress, const std::stop_token& stop) {
  HANDSEL_TRY(trees::check(rows));
  if (folds < 2 || folds > kFoldsMax || folds > rows.groups()) {
    return fail(Code::kInvalidArgument,
                "{} folds of {} queries are not possible: at least 2 folds, at most {}, and a query in each", folds,
                rows.groups(), kFoldsMax);
  }
  // Another deal than the one inside train_ranker.
  const auto dealt = deal(rows.groups(), folds, Rng(options.seed).split(folds)());
  std::vector<float> scores(rows.rows());
  for (std::size_t f = 0; f < dealt.size(); ++f) {
    const RankingRows train = trees::select_groups(rows, all_but(dealt[f], rows.groups()));
    const TrainingProgress inner = [&](std::size_t done, std::size_t total) {
      if (progress) progress(f * total + done, dealt.size() * total);
    };
    HANDSEL_ASSIGN(TrainedRanker ranker, train_ranker(train, options, inner, stop));
    if (!ranker.is_better) {
      HANDSEL_ASSIGN(ranker.ensemble,
                     TreeEnsemble::build({.features = rows.features, .linear = baseline_terms(rows, options)}));
    }
    for (const std::size_t group : dealt[f]) {
      const std::size_t begin = rows.begin_of(group);
      const std::size_t size = rows.size_of(group);
      const std::size_t width = rows.features.size();
      ranker.ensemble.predict(std::span(rows.values).subspan(begin * width, size * width),
                              std::span(scores).subspan(begin, size));
    }
  }
  return scores;
}

}  // namespace handsel::learning

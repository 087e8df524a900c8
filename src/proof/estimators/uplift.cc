#include "proof/estimators/uplift.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/core/hash.h"
#include "base/math/statistics.h"

namespace handsel::estimators {
namespace {

constexpr std::size_t kFoldsMax = 20;

double as_double(std::size_t count) {
  return static_cast<double>(count);
}

// Of a mean, from the influences of the units (their mean is the estimate or 0).
Estimate estimate_from(double estimate, std::span<const double> influences, double confidence) {
  const double error = std::sqrt(variance(influences) / as_double(influences.size()));
  const double reach = normal_quantile(0.5 + confidence / 2) * error;
  return {.estimate = estimate, .error = error, .low = estimate - reach, .high = estimate + reach};
}

// Rank shares within each fold, best scores near 0, equal scores alike; and for each unit the mean gain, over its
// fold, of units that do not rank before it.
struct Ranked {
  std::vector<double> share;
  std::vector<double> gain_behind;
};

Ranked rank_within_folds(std::span<const double> scores, std::span<const double> gains,
                         std::span<const std::uint32_t> folds) {
  std::vector<std::uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) {
    return folds[a] != folds[b] ? folds[a] < folds[b] : scores[a] > scores[b];
  });
  Ranked out{.share = std::vector<double>(scores.size()), .gain_behind = std::vector<double>(scores.size())};
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    double left = 0;
    for (; end < order.size() && folds[order[end]] == folds[order[begin]]; ++end) left += gains[order[end]];
    const double units = as_double(end - begin);
    for (std::size_t first = begin; first < end;) {
      std::size_t last = first;
      double tied = 0;
      for (; last < end && scores[order[last]] == scores[order[first]]; ++last) tied += gains[order[last]];
      for (std::size_t i = first; i < last; ++i) {
        out.share[order[i]] = (as_double(first - begin) + as_double(last - first) / 2) / units;
        out.gain_behind[order[i]] = (left - tied / 2) / units;
      }
      left -= tied;
      first = last;
    }
    begin = end;
  }
  return out;
}

Result<void> check_input(const UpliftInput& input, const UpliftOptions& options) {
  const std::size_t units = input.treatment.size();
  if (options.folds < 2 || options.folds > kFoldsMax) {
    return fail(Code::kInvalidArgument, "{} folds; between 2 and {} are possible", options.folds, kFoldsMax);
  }
  if (input.outcome.size() != units) return fail(Code::kInvalidData, "treatment and outcome are not of one length");
  for (const Column& feature : input.features) {
    if (feature.values.size() != units) return fail(Code::kInvalidData, "feature '{}' has other units", feature.name);
  }
  std::size_t treated = 0;
  for (std::size_t i = 0; i < units; ++i) {
    if (input.treatment[i] != 0 && input.treatment[i] != 1)
      return fail(Code::kInvalidData, "a treatment of {} is neither 0 nor 1", input.treatment[i]);
    if (!std::isfinite(input.outcome[i])) return fail(Code::kInvalidData, "an outcome is not finite");
    treated += input.treatment[i] == 1;
  }
  if (treated < kUpliftArmMin || units - treated < kUpliftArmMin) {
    return fail(Code::kInvalidData, "{} treated units and {} in control; uplift needs {} in each", treated,
                units - treated, kUpliftArmMin);
  }
  return {};
}

// One fold: learns from the units of the folds before it, forecasts those inside.
class Fold {
 public:
  Fold(const UpliftInput& input, const UpliftOptions& options, const BinnedColumns& columns)
      : input_(input), options_(options), columns_(columns) {}

  Result<void> learn(std::span<const std::uint32_t> folds, std::uint32_t fold) {
    for (std::uint32_t unit = 0; unit < folds.size(); ++unit) {
      if (folds[unit] >= fold) continue;
      const std::size_t arm = input_.treatment[unit] == 1 ? 1 : 0;
      rows_[arm].push_back(unit);
    }
    for (std::size_t arm = 0; arm < 2; ++arm) {
      std::vector<double> values;
      for (const std::uint32_t unit : rows_[arm]) values.push_back(input_.outcome[unit]);
      HANDSEL_ASSIGN(outcome_[arm], BoostedTrees::fit(columns_, rows_[arm], values, options_.trees));
    }
    return options_.learner == UpliftLearner::kX ? learn_effects() : Result<void>();
  }

  double outcome(std::size_t arm, std::size_t unit) const { return outcome_[arm].predict(columns_, unit); }

  double effect(std::size_t unit) const {
    if (options_.learner == UpliftLearner::kT) return outcome(1, unit) - outcome(0, unit);
    const double share = as_double(rows_[1].size()) / as_double(rows_[0].size() + rows_[1].size());
    return share * effect_[0].predict(columns_, unit) + (1 - share) * effect_[1].predict(columns_, unit);
  }

  void add_gains(std::vector<double>& gains) const {
    const auto& models = options_.learner == UpliftLearner::kX ? effect_ : outcome_;
    for (const BoostedTrees& model : models)
      for (std::size_t column = 0; column < gains.size(); ++column) gains[column] += model.gains()[column];
  }

 private:
  Result<void> learn_effects() {
    for (std::size_t arm = 0; arm < 2; ++arm) {
      std::vector<double> values;
      for (const std::uint32_t unit : rows_[arm]) {
        const double other = outcome(1 - arm, unit);
        values.push_back(arm == 1 ? input_.outcome[unit] - other : other - input_.outcome[unit]);
      }
      HANDSEL_ASSIGN(effect_[arm], BoostedTrees::fit(columns_, rows_[arm], values, options_.trees));
    }
    return {};
  }

  const UpliftInput& input_;
  const UpliftOptions& options_;
  const BinnedColumns& columns_;
  std::array<std::vector<std::uint32_t>, 2> rows_;
  std::array<BoostedTrees, 2> outcome_;
  std::array<BoostedTrees, 2> effect_;
};

std::vector<UpliftGroup> groups_of(const Uplift& uplift, const Ranked& ranked, double confidence) {
  std::vector<std::vector<double>> gains(kUpliftGroups);
  std::vector<UpliftGroup> groups(kUpliftGroups);
  for (std::size_t i = 0; i < uplift.gains.size(); ++i) {
    const auto group = static_cast<std::size_t>((1 - ranked.share[i]) * as_double(kUpliftGroups));
    const std::size_t at = std::min(group, kUpliftGroups - 1);
    groups[at].forecast += uplift.forecasts[i];
    gains[at].push_back(uplift.gains[i]);
  }
  for (std::size_t at = 0; at < groups.size(); ++at) {
    groups[at].units = gains[at].size();
    if (gains[at].size() < 2) continue;  // all scores are equal
    groups[at].forecast /= as_double(gains[at].size());
    groups[at].effect = estimate_from(mean(gains[at]), gains[at], confidence);
  }
  return groups;
}

}  // namespace

Result<Qini> qini_of(std::span<const double> scores, std::span<const double> gains,
                     std::span<const std::uint32_t> folds, double confidence) {
  if (scores.size() < 2 || gains.size() != scores.size() || folds.size() != scores.size()) {
    return fail(Code::kInvalidData, "{} scores, {} gains and {} folds", scores.size(), gains.size(), folds.size());
  }
  const auto is_finite = [](double value) { return std::isfinite(value); };
  if (!std::ranges::all_of(scores, is_finite) || !std::ranges::all_of(gains, is_finite)) {
    return fail(Code::kInvalidData, "a score or a gain is not finite");
  }
  const Ranked ranked = rank_within_folds(scores, gains, folds);
  Qini out{.effect = estimate_from(mean(gains), gains, confidence)};
  std::vector<double> influences(scores.size());
  double coefficient = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double own = gains[i] * (0.5 - ranked.share[i]);
    coefficient += own;
    // A unit also moves the ranks of those behind it.
    influences[i] = own - ranked.gain_behind[i];
  }
  coefficient /= as_double(scores.size());
  out.coefficient = estimate_from(coefficient, influences, confidence);
  out.p = out.coefficient.error > 0 ? 2 * normal_cdf(-std::fabs(coefficient / out.coefficient.error)) : 1;
  for (std::size_t step = 0; step <= kQiniSteps; ++step) {
    const double share = as_double(step) / as_double(kQiniSteps);
    for (std::size_t i = 0; i < scores.size(); ++i) influences[i] = ranked.share[i] <= share ? gains[i] : 0;
    out.curve.push_back({.share = share, .gain = estimate_from(mean(influences), influences, confidence)});
  }
  return out;
}

Result<Uplift> uplift_of(const UpliftInput& input, const UpliftOptions& options) {
  HANDSEL_TRY(check_input(input, options));
  HANDSEL_ASSIGN(const BinnedColumns columns, BinnedColumns::of(input.features));
  Uplift out{.units = input.treatment.size()};
  out.treated = static_cast<std::size_t>(std::ranges::count(input.treatment, 1.0));
  out.feature_importance.assign(columns.columns(), 0);
  std::vector<std::uint32_t> folds(out.units);
  for (std::size_t i = 0; i < out.units; ++i)
    folds[i] = static_cast<std::uint32_t>(mix64(options.seed ^ mix64(i + 1)) % options.folds);
  const double share = as_double(out.treated) / as_double(out.units);
  std::vector<std::uint32_t> judged_folds;
  for (std::uint32_t number = 1; number < options.folds; ++number) {
    Fold fold(input, options, columns);
    HANDSEL_TRY(fold.learn(folds, number));
    fold.add_gains(out.feature_importance);
    for (std::uint32_t i = 0; i < out.units; ++i) {
      if (folds[i] != number) continue;
      const double forecast = fold.outcome(1, i) - fold.outcome(0, i);
      const bool is_treated = input.treatment[i] == 1;
      const double surprise = input.outcome[i] - fold.outcome(is_treated ? 1 : 0, i);
      out.judged.push_back(i);
      out.forecasts.push_back(fold.effect(i));
      out.gains.push_back(forecast + (is_treated ? surprise / share : -surprise / (1 - share)));
      judged_folds.push_back(number);
    }
  }
  HANDSEL_ASSIGN(out.qini, qini_of(out.forecasts, out.gains, judged_folds, options.confidence));
  out.groups = groups_of(out, rank_within_folds(out.forecasts, out.gains, judged_folds), options.confidence);
  const double sum = std::accumulate(out.feature_importance.begin(), out.feature_importance.end(), 0.0);
  if (sum > 0)
    for (double& importance : out.feature_importance) importance /= sum;
  return out;
}

}  // namespace handsel::estimators

#include "proof/metrics/segments.h"

#include <cmath>

#include "base/math/statistics.h"

namespace handsel::experiments {
namespace {

constexpr std::size_t kFirstArm = 1;

struct Pooled {
  double weights = 0;
  double mean = 0;
};

Pooled pooled_effect(const std::vector<SegmentEffect>& levels) {
  Pooled out;
  for (const SegmentEffect& level : levels) {
    if (!level.effect.problem.empty() || level.effect.difference.error == 0) continue;
    const double weight = 1 / (level.effect.difference.error * level.effect.difference.error);
    out.weights += weight;
    out.mean += weight * level.effect.difference.estimate;
  }
  if (out.weights > 0) out.mean /= out.weights;
  return out;
}

double cochran_p(const std::vector<SegmentEffect>& levels) {
  const Pooled pooled = pooled_effect(levels);
  double statistic = 0;
  int compared = 0;
  for (const SegmentEffect& level : levels) {
    if (!level.effect.problem.empty() || level.effect.difference.error == 0) continue;
    const double z = (level.effect.difference.estimate - pooled.mean) / level.effect.difference.error;
    statistic += z * z;
    ++compared;
  }
  return compared < 2 ? 1 : chi_square_survival(statistic, compared - 1);
}

// The level farthest from all others, in errors; npos where none can be told.
std::size_t standing_out(const std::vector<SegmentEffect>& levels) {
  const Pooled pooled = pooled_effect(levels);
  std::size_t best = std::string::npos;
  double farthest = 0;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const Effect& effect = levels[i].effect;
    if (!effect.problem.empty() || effect.difference.error == 0) continue;
    const double z = std::fabs(effect.difference.estimate - pooled.mean) / effect.difference.error;
    if (z > farthest) {
      farthest = z;
      best = i;
    }
  }
  return best;
}

}  // namespace

Result<Segmentation> segment(const UnitTable& table, const UnitSample& sample, const AnalysisRequest& request,
                             const Metric& metric, const std::string& column) {
  const WordColumn& words = *table.word(column);
  if (words.labels.size() > kSegmentLevelsMax) {
    return fail(Code::kTooLarge, "segment column '{}' has {} values; {} are the most", column, words.labels.size(),
                kSegmentLevelsMax);
  }
  const auto effects_in = [&](int half) {
    std::vector<SegmentEffect> levels;
    for (std::uint32_t code = 0; code < words.labels.size(); ++code) {
      const RowFilter filter{.codes = &words.codes, .code = code, .half = half, .seed = request.seed};
      const auto values = metric_values(table, sample, request, metric, filter);
      levels.push_back({words.labels[code], effect_of(sample, request, metric, values, kFirstArm)});
    }
    return levels;
  };
  Segmentation out{.column = column,
                   .metric = metric.name,
                   .arm = sample.arms[kFirstArm].name,
                   .levels = effects_in(-1),
                   .chosen = "",
                   .honest = std::nullopt};
  std::vector<double> p;
  for (const SegmentEffect& level : out.levels)
    p.push_back(level.effect.problem.empty() ? level.effect.difference.p : std::nan(""));
  const auto adjusted = estimators::adjusted_p(p, request.correction);
  for (std::size_t i = 0; i < out.levels.size(); ++i) out.levels[i].effect.p_adjusted = adjusted[i];
  out.heterogeneity_p = cochran_p(out.levels);
  const std::size_t chosen = standing_out(effects_in(0));
  if (chosen == std::string::npos) return out;
  out.chosen = words.labels[chosen];
  const RowFilter other_half{
      .codes = &words.codes, .code = static_cast<std::uint32_t>(chosen), .half = 1, .seed = request.seed};
  out.honest = effect_of(sample, request, metric, metric_values(table, sample, request, metric, other_half), kFirstArm);
  return out;
}

}  // namespace handsel::experiments

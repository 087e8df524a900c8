#include "ranking/learning/pair_loss.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace handsel::learning {
namespace {

constexpr int kSteps = 30;  // of Newton's method; a few are enough
constexpr double kStepMin = 1e-6;

struct Pair {
  double scores = 0;   // of the better one less the other
  double offsets = 0;  // likewise
  double weight = 0;   // a group's add up to 1
  std::size_t group = 0;
};

// log(1 + exp(-x)), for any x.
double loss_at(double x) {
  return std::max(-x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

template <typename Visit>
void visit_pairs(const trees::RankingRows& rows, std::span<const float> scores, const Visit& visit) {
  for (std::size_t group = 0; group < rows.groups(); ++group) {
    const std::size_t begin = rows.begin_of(group);
    const std::size_t end = rows.ends[group];
    const auto gains = std::span(rows.gains).subspan(begin, end - begin);
    if (gains.empty()) continue;
    const float least = std::ranges::min(gains);
    const auto better_rows = std::ranges::count_if(gains, [&](float gain) { return gain > least; });
    for (std::size_t i = begin; i < end; ++i) {
      if (rows.gains[i] <= least) continue;
      const auto worse_rows = std::ranges::count_if(gains, [&](float gain) { return gain < rows.gains[i]; });
      const double weight = 1 / (static_cast<double>(worse_rows) * static_cast<double>(better_rows));
      for (std::size_t j = begin; j < end; ++j) {
        if (rows.gains[j] >= rows.gains[i]) continue;
        visit(Pair{.scores = static_cast<double>(scores[i]) - scores[j],
                   .offsets = static_cast<double>(rows.offset(i)) - rows.offset(j),
                   .weight = weight,
                   .group = group});
      }
    }
  }
}

double total_loss(const trees::RankingRows& rows, std::span<const float> scores, double scale) {
  double sum = 0;
  visit_pairs(rows, scores,
              [&](const Pair& pair) { sum += pair.weight * loss_at(scale * pair.scores + pair.offsets); });
  return sum;
}

}  // namespace

std::vector<double> pair_losses(const trees::RankingRows& rows, std::span<const float> scores, double scale) {
  std::vector<double> losses(rows.groups(), std::numeric_limits<double>::quiet_NaN());
  visit_pairs(rows, scores, [&](const Pair& pair) {
    double& loss = losses[pair.group];
    if (std::isnan(loss)) loss = 0;
    loss += pair.weight * loss_at(scale * pair.scores + pair.offsets);
  });
  return losses;
}

// Newton's method: the loss is convex in the scale. Where a full step would swing over the least of it, it is halved.
double best_scale(const trees::RankingRows& rows, std::span<const float> scores) {
  if (std::ranges::all_of(rows.offsets, [](float offset) { return offset == 0; })) return 1;
  double scale = 0;
  double loss = total_loss(rows, scores, scale);
  for (int step = 0; step < kSteps; ++step) {
    double slope = 0;
    double curve = 0;
    visit_pairs(rows, scores, [&](const Pair& pair) {
      const double wrong = 1 / (1 + std::exp(scale * pair.scores + pair.offsets));
      slope -= pair.weight * wrong * pair.scores;
      curve += pair.weight * wrong * (1 - wrong) * pair.scores * pair.scores;
    });
    if (!(curve > 0)) break;
    double change = -slope / curve;
    double next = std::max(scale + change, 0.0);
    double next_loss = total_loss(rows, scores, next);
    while (next_loss > loss && std::abs(change) > kStepMin * scale) {
      change /= 2;
      next = std::max(scale + change, 0.0);
      next_loss = total_loss(rows, scores, next);
    }
    if (next_loss > loss || std::abs(next - scale) <= kStepMin * scale) break;
    scale = next;
    loss = next_loss;
  }
  return scale;
}

}  // namespace handsel::learning

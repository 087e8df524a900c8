#include "ranking/trees/lambda_gradients.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "ranking/trees/ndcg.h"

namespace handsel::trees {
namespace {

constexpr double kNearScores = 0.01;  // what two equal scores count as being apart, with `normalise`

double discount(std::size_t place) {
  return 1 / std::log2(static_cast<double>(place) + 2);
}

double ideal_dcg(std::span<const float> gains, std::size_t places) {
  std::vector<float> ideal(gains.begin(), gains.end());
  std::ranges::sort(ideal, std::greater());
  double sum = 0;
  for (std::size_t place = 0; place < std::min(places, ideal.size()); ++place) sum += ideal[place] * discount(place);
  return sum;
}

struct Group {
  std::span<const float> scores;
  std::span<const float> gains;
  std::span<const float> weights;  // empty: all 1
};

void group_gradients(const Group& group, const LambdaOptions& options, std::span<double> gradients,
                     std::span<double> hessians) {
  const double ideal = ideal_dcg(group.gains, options.truncation);
  if (ideal <= 0) return;
  const std::vector<std::uint32_t> order = order_of(group.scores);
  const bool spread = options.normalise && group.scores[order.front()] != group.scores[order.back()];
  double sum = 0;
  for (std::size_t upper = 0; upper < std::min(options.truncation, order.size()); ++upper) {
    for (std::size_t lower = upper + 1; lower < order.size(); ++lower) {
      std::size_t better = order[upper];
      std::size_t worse = order[lower];
      if (group.gains[better] == group.gains[worse]) continue;
      if (group.gains[better] < group.gains[worse]) std::swap(better, worse);
      const double apart = static_cast<double>(group.scores[better]) - group.scores[worse];
      double change =
          (static_cast<double>(group.gains[better]) - group.gains[worse]) * (discount(upper) - discount(lower)) / ideal;
      if (!group.weights.empty()) change *= static_cast<double>(group.weights[better]) * group.weights[worse];
      if (spread) change /= kNearScores + std::abs(apart);
      const double rho = 1 / (1 + std::exp(options.sigma * apart));
      const double lambda = options.sigma * rho * change;
      const double hessian = options.sigma * options.sigma * rho * (1 - rho) * change;
      gradients[better] -= lambda;
      gradients[worse] += lambda;
      hessians[better] += hessian;
      hessians[worse] += hessian;
      sum += 2 * lambda;
    }
  }
  if (!options.normalise || sum <= 0) return;
  const double factor = std::log2(1 + sum) / sum;
  for (double& value : gradients) value *= factor;
  for (double& value : hessians) value *= factor;
}

}  // namespace

void lambda_gradients(const RankingRows& rows, std::span<const float> scores, const LambdaOptions& options,
                      std::span<float> gradients, std::span<float> hessians) {
  std::vector<double> first;
  std::vector<double> second;
  for (std::size_t g = 0; g < rows.groups(); ++g) {
    const std::size_t begin = rows.begin_of(g);
    const std::size_t size = rows.size_of(g);
    first.assign(size, 0);
    second.assign(size, 0);
    if (size > 0) {
      const Group group{
          .scores = scores.subspan(begin, size),
          .gains = std::span(rows.gains).subspan(begin, size),
          .weights = rows.weights.empty() ? std::span<const float>{} : std::span(rows.weights).subspan(begin, size)};
      group_gradients(group, options, first, second);
    }
    std::ranges::transform(first, gradients.begin() + static_cast<std::ptrdiff_t>(begin),
                           [](double value) { return static_cast<float>(value); });
    std::ranges::transform(second, hessians.begin() + static_cast<std::ptrdiff_t>(begin),
                           [](double value) { return static_cast<float>(value); });
  }
}

}  // namespace handsel::trees

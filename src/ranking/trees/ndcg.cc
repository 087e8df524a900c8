#include "ranking/trees/ndcg.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace handsel::trees {

std::vector<std::uint32_t> order_of(std::span<const float> scores) {
  std::vector<std::uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto key = [&](std::uint32_t i) {
    return std::isnan(scores[i]) ? -std::numeric_limits<float>::infinity() : scores[i];
  };
  std::ranges::stable_sort(order, std::greater(), key);
  return order;
}

double ndcg(std::span<const float> scores, std::span<const float> gains, std::size_t at) {
  const std::size_t places = std::min(at, gains.size());
  std::vector<float> ideal(gains.begin(), gains.end());
  std::ranges::partial_sort(ideal, ideal.begin() + static_cast<std::ptrdiff_t>(places), std::greater());
  const std::vector<std::uint32_t> order = order_of(scores);
  double got = 0;
  double best = 0;
  for (std::size_t place = 0; place < places; ++place) {
    const double discount = 1 / std::log2(static_cast<double>(place) + 2);
    got += gains[order[place]] * discount;
    best += ideal[place] * discount;
  }
  return best > 0 ? got / best : std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> ndcg_of_groups(const RankingRows& rows, std::span<const float> scores, std::size_t at) {
  std::vector<double> values;
  values.reserve(rows.groups());
  for (std::size_t group = 0; group < rows.groups(); ++group) {
    const std::size_t begin = rows.begin_of(group);
    const std::size_t size = rows.size_of(group);
    values.push_back(ndcg(scores.subspan(begin, size), std::span(rows.gains).subspan(begin, size), at));
  }
  return values;
}

double mean_of_known(std::span<const double> values) {
  double sum = 0;
  std::size_t count = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

}  // namespace handsel::trees

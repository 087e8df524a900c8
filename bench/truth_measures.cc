#include "truth_measures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/core/rng.h"

namespace handsel::bench {

std::vector<double> mean_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = 0.5 * static_cast<double>(begin + 1 + end);
    for (; begin < end; ++begin) ranks[order[begin]] = rank;
  }
  return ranks;
}

std::optional<double> spearman(std::span<const double> a, std::span<const double> b) {
  const std::vector<double> ranks_a = mean_ranks(a);
  const std::vector<double> ranks_b = mean_ranks(b);
  const double mean_a = mean(ranks_a);
  const double mean_b = mean(ranks_b);
  double both = 0, of_a = 0, of_b = 0;
  for (std::size_t i = 0; i < ranks_a.size(); ++i) {
    both += (ranks_a[i] - mean_a) * (ranks_b[i] - mean_b);
    of_a += (ranks_a[i] - mean_a) * (ranks_a[i] - mean_a);
    of_b += (ranks_b[i] - mean_b) * (ranks_b[i] - mean_b);
  }
  if (of_a == 0 || of_b == 0) return std::nullopt;
  return both / std::sqrt(of_a * of_b);
}

std::optional<double> kendall(std::span<const double> a, std::span<const double> b) {
  double agree = 0, untied_a = 0, untied_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const int of_a = (a[i] > a[j]) - (a[i] < a[j]);
      const int of_b = (b[i] > b[j]) - (b[i] < b[j]);
      agree += of_a * of_b;
      untied_a += of_a != 0;
      untied_b += of_b != 0;
    }
  }
  if (untied_a == 0 || untied_b == 0) return std::nullopt;
  return agree / std::sqrt(untied_a * untied_b);
}

Interval ratio_of_means(std::span<const double> a, std::span<const double> b, std::size_t resamples,
                        std::uint64_t seed) {
  if (a.empty() || mean(b) == 0) return {};
  Rng rng(seed);
  std::vector<double> ratios;
  ratios.reserve(resamples);
  for (std::size_t r = 0; r < resamples; ++r) {
    double sum_a = 0, sum_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const std::size_t drawn = rng.below(a.size());
      sum_a += a[drawn];
      sum_b += b[drawn];
    }
    if (sum_b > 0) ratios.push_back(sum_a / sum_b);
  }
  return {.estimate = mean(a) / mean(b), .low = quantile(ratios, 0.025), .high = quantile(ratios, 0.975)};
}

}  // namespace handsel::bench

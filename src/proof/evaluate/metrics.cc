#include "proof/evaluate/metrics.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <unordered_set>

namespace handsel::evaluate {
namespace {

double discounted_gain(std::span<const double> gains, std::size_t k) {
  double sum = 0;
  for (std::size_t place = 0; place < std::min(k, gains.size()); ++place)
    sum += gains[place] / std::log2(static_cast<double>(place) + 2);
  return sum;
}

// Relevant ones among the first k.
std::size_t relevant(std::span<const double> gains, std::size_t k, double from) {
  const auto first = gains.first(std::min(k, gains.size()));
  return static_cast<std::size_t>(std::ranges::count_if(first, [from](double gain) { return gain >= from; }));
}

}  // namespace

JudgedRanking judge(std::span<const std::string> ranking, const std::unordered_map<std::string, double>& gains,
                    double relevant_from) {
  JudgedRanking out{.relevant_from = relevant_from};
  std::unordered_set<std::string_view> seen;
  for (const std::string& product : ranking) {
    const auto found = gains.find(product);
    const bool counts = found != gains.end() && seen.insert(product).second;
    out.gains.push_back(counts ? found->second : 0);
    out.judged.push_back(found != gains.end());
  }
  for (const auto& [product, gain] : gains) out.ideal.push_back(gain);
  std::ranges::sort(out.ideal, std::greater());
  return out;
}

std::optional<double> ndcg(const JudgedRanking& ranking, std::size_t k) {
  const double best = discounted_gain(ranking.ideal, k);
  if (best <= 0) return std::nullopt;
  return discounted_gain(ranking.gains, k) / best;
}

std::optional<double> recall(const JudgedRanking& ranking, std::size_t k) {
  const std::size_t all = relevant(ranking.ideal, ranking.ideal.size(), ranking.relevant_from);
  if (all == 0) return std::nullopt;
  return static_cast<double>(relevant(ranking.gains, k, ranking.relevant_from)) / static_cast<double>(all);
}

double precision(const JudgedRanking& ranking, std::size_t k) {
  return static_cast<double>(relevant(ranking.gains, k, ranking.relevant_from)) / static_cast<double>(k);
}

std::optional<double> judged_share(const JudgedRanking& ranking, std::size_t k) {
  const std::size_t returned = std::min(k, ranking.judged.size());
  if (returned == 0) return std::nullopt;
  const auto end = ranking.judged.begin() + static_cast<std::ptrdiff_t>(returned);
  const auto judged = std::count(ranking.judged.begin(), end, true);
  return static_cast<double>(judged) / static_cast<double>(returned);
}

std::optional<double> reciprocal_rank(const JudgedRanking& ranking, std::size_t k) {
  if (relevant(ranking.ideal, ranking.ideal.size(), ranking.relevant_from) == 0) return std::nullopt;
  for (std::size_t place = 0; place < std::min(k, ranking.gains.size()); ++place)
    if (ranking.gains[place] >= ranking.relevant_from) return 1 / (static_cast<double>(place) + 1);
  return 0;
}

}  // namespace handsel::evaluate

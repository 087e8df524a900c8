#include "ranking/learning/training_rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/core/hash.h"
#include "base/core/rng.h"

namespace handsel::learning {
namespace {

double gain_of_row(const CollectedSearch& search, const ShownListing& row, const RowOptions& options) {
  Outcome outcome = row.outcome;
  if (!outcome.acted()) return 0;
  const double usual = options.usual_purchase ? options.usual_purchase(row.currency) : 0;
  outcome.bought_value = usual > 0 ? outcome.bought_value / usual : 0;
  if (options.age_days) outcome.age_days = options.age_days(row.listing_id, search.time_ms);
  return gain_of(outcome, options.objective);
}

// Rows to keep, by number: all positives, then negatives by their distance from one.
std::vector<std::size_t> nearest(const std::vector<double>& gains, std::size_t rows_max) {
  std::vector<std::size_t> distance(gains.size(), gains.size());
  const auto sweep = [&](std::size_t i, std::size_t& since) {
    since = gains[i] > 0 ? 0 : since + 1;
    distance[i] = std::min(distance[i], since);
  };
  std::size_t since = gains.size();
  for (std::size_t i = 0; i < gains.size(); ++i) sweep(i, since);
  since = gains.size();
  for (std::size_t i = gains.size(); i > 0; --i) sweep(i - 1, since);
  std::vector<std::size_t> order(gains.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return distance[i]; });
  order.resize(std::min(order.size(), rows_max));
  std::ranges::sort(order);
  return order;
}

bool is_in_sample(const std::string& query_id, const RowOptions& options) {
  return Rng(hash64(query_id, options.seed)).uniform() < options.share;
}

}  // namespace

std::optional<LabelledSearch> label_search(const CollectedSearch& search, const Propensities& propensities,
                                           const RowOptions& options) {
  if (!search.sort.empty()) return std::nullopt;
  std::vector<double> gains;
  std::size_t examined = 0;
  for (const ShownListing& row : search.shown) {
    gains.push_back(gain_of_row(search, row, options));
    if (gains.back() > 0) examined = gains.size();
  }
  if (examined == 0 || !is_in_sample(search.query_id, options)) return std::nullopt;
  if (!propensities.trusted) gains.resize(std::min(gains.size(), examined + options.below));
  LabelledSearch out{.query_id = search.query_id, .rows = {}, .shown = {}};
  for (const ShownListing& row : search.shown) out.shown.push_back(hash64(row.listing_id));
  for (const std::size_t i : nearest(gains, options.rows_max)) {
    const ShownListing& row = search.shown[i];
    const double offset = propensities.trusted ? std::log(propensities.at(row.place)) : 0;
    out.rows.push_back({.listing_id = row.listing_id,
                        .place = row.place,
                        .gain = static_cast<float>(gains[i]),
                        .offset = static_cast<float>(offset)});
  }
  const auto is_negative = [](const LabelledRow& row) { return row.gain <= 0; };
  if (std::ranges::none_of(out.rows, is_negative)) {
    const auto same = std::ranges::adjacent_find(out.rows, std::ranges::not_equal_to(), &LabelledRow::gain);
    if (same == out.rows.end()) return std::nullopt;  // nothing to prefer to anything
  }
  return out;
}

void add_to(PropensityEstimator& estimator, const CollectedSearch& search, std::uint64_t query) {
  for (const ShownListing& row : search.shown) {
    estimator.add(
        {.query = query, .listing = hash64(row.listing_id), .place = row.place, .clicked = row.outcome.acted()});
  }
}

}  // namespace handsel::learning

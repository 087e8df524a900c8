#include "ranking/pipeline/first_pass.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "ranking/features/candidate_vectors.h"
#include "ranking/features/matrix.h"
#include "ranking/pipeline/spread.h"

namespace handsel::pipeline {
namespace {

// In standard deviations from the mean of what is known, onto the sums.
void add_standardised(std::span<const double> values, std::span<double> sums) {
  const Spread spread = spread_of(values);
  if (!(spread.deviation > 0)) return;
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (!std::isnan(values[k])) sums[k] += (values[k] - spread.mean) / spread.deviation;
  }
}

// How much of what the words name each candidate's attributes say.
void read_stated(const index::Snapshot& snapshot, std::span<const index::Hit> candidates,
                 std::span<const query::NamedValue> named, std::span<double> out) {
  std::vector<index::ValueShares::Wanted> wanted;
  for (const query::NamedValue& value : named) {
    if (auto one = features::wanted_value(value.attribute, value.share)) wanted.push_back(std::move(*one));
  }
  index::ValueShares shares(snapshot, std::move(wanted));
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    out[k] = 0;
    for (const index::ValueShares::Said& said : shares.said(candidates[k].doc)) out[k] += said.best;
  }
}

}  // namespace

FirstPass first_pass(const index::Snapshot& snapshot, std::span<const index::Hit> candidates,
                     const features::Signals& signals, std::size_t keep, std::span<const index::DocRef> guests) {
  FirstPass pass;
  std::vector<std::size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (candidates.size() <= keep || signals.query_vector.empty())
    return {.kept = std::move(order), .guests = {}, .left = {}};
  std::vector<double> sums(candidates.size());
  std::vector<double> values(candidates.size());
  for (std::size_t k = 0; k < candidates.size(); ++k) values[k] = features::match_score(candidates[k]);
  add_standardised(values, sums);
  features::CandidateVectors(snapshot, candidates, signals.vectors).cosines(signals.query_vector, values);
  add_standardised(values, sums);
  if (!signals.walk.empty()) {
    std::ranges::copy(signals.walk, values.begin());
    add_standardised(values, sums);
  }
  if (!signals.named.empty()) {
    read_stated(snapshot, candidates, signals.named, values);
    add_standardised(values, sums);
  }
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return sums[a] != sums[b] ? sums[a] > sums[b] : candidates[a].id_hash < candidates[b].id_hash;
  });
  pass.kept.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(keep));
  std::ranges::sort(pass.kept);
  for (const std::size_t number : std::span(order).subspan(keep)) {
    const bool is_guest = std::ranges::binary_search(guests, candidates[number].doc);
    (is_guest ? pass.guests : pass.left).push_back(number);
  }
  return pass;
}

}  // namespace handsel::pipeline

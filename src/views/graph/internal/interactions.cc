#include "views/graph/internal/interactions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/core/hash.h"

namespace handsel::graph::internal {
namespace {

constexpr double kExponentMax = 200;  // exp of it, times any sum of weights, is far from the largest double
constexpr double kTauMsMin = 1000;

// What is weaker goes; ties by hash, so that among many alike a quarter goes and not all.
using Strength = std::pair<double, std::uint64_t>;
Strength weakest_kept(std::vector<Strength> strengths) {
  const auto quarter = strengths.begin() + static_cast<std::ptrdiff_t>(strengths.size() / 4);
  std::ranges::nth_element(strengths, quarter);
  return *quarter;
}

Strength strength_of(Pair pair, double weight) {
  return {weight, mix64(std::uint64_t{pair.query} << 32 | pair.listing)};
}

}  // namespace

Interactions::Interactions(const GraphOptions& options)
    : tau_ms_(options.tau_ms > kTauMsMin ? options.tau_ms : kTauMsMin),
      people_min_(std::clamp<std::size_t>(options.people_min, 1, kPeopleMinMax)),
      pairs_max_(std::max<std::size_t>(options.pairs_max, 4)),
      queries_max_(std::max<std::size_t>(options.queries_max, 4)),
      newest_ms_(std::numeric_limits<std::int64_t>::min()) {}

double Interactions::decay_factor() const {
  return sums_.size() == 0 ? 1 : std::exp(static_cast<double>(landmark_ms_ - newest_ms_) / tau_ms_);
}

void Interactions::move_landmark(std::int64_t time_ms) {
  sums_.scale(std::exp(static_cast<double>(landmark_ms_ - time_ms) / tau_ms_));
  landmark_ms_ = time_ms;
}

void Interactions::add(const Action& action) {
  if (sums_.size() == 0) landmark_ms_ = action.time_ms;
  newest_ms_ = std::max(newest_ms_, action.time_ms);
  if (static_cast<double>(action.time_ms - landmark_ms_) > kExponentMax * tau_ms_) move_landmark(action.time_ms);
  const double weight = action.weight * std::exp(static_cast<double>(action.time_ms - landmark_ms_) / tau_ms_);
  if (!(weight > 0)) return;
  const std::uint32_t query = queries_.insert(action.query);
  if (query == people_.size()) people_.emplace_back();
  add_person(query, action.person);
  sums_.add({query, action.listing}, weight);
  if (sums_.size() > pairs_max_ || queries_.size() > queries_max_) drop_the_weakest();
}

void Interactions::note_person(std::string_view query, std::uint32_t person) {
  if (const auto known = queries_.find(query)) add_person(*known, person);
}

void Interactions::add_person(std::uint32_t query, std::uint32_t person) {
  People& people = people_[query];
  const auto end = people.first.begin() + people.count;
  if (people.count == kPeopleMinMax || std::find(people.first.begin(), end, person) != end) return;
  people.first[people.count++] = person;
}

std::vector<bool> Interactions::strongest_queries() const {
  if (queries_.size() <= queries_max_) return std::vector<bool>(queries_.size(), true);
  std::vector<Strength> strengths(queries_.size());
  for (std::size_t query = 0; query < strengths.size(); ++query) strengths[query].second = mix64(query);
  sums_.visit([&](Pair pair, double weight) { strengths[pair.query].first += weight; });
  const Strength least = weakest_kept(strengths);
  std::vector<bool> kept(queries_.size());
  for (std::size_t query = 0; query < kept.size(); ++query) kept[query] = strengths[query] >= least;
  return kept;
}

void Interactions::drop_the_weakest() {
  const std::vector<bool> kept = strongest_queries();
  Strength least;
  if (sums_.size() > pairs_max_) {
    std::vector<Strength> strengths;
    sums_.visit([&](Pair pair, double weight) { strengths.push_back(strength_of(pair, weight)); });
    least = weakest_kept(std::move(strengths));
  }
  NameSet queries;
  std::vector<People> people;
  PairSums sums(sums_.size());
  sums_.visit([&](Pair pair, double weight) {
    if (!kept[pair.query] || strength_of(pair, weight) < least) return;
    const std::uint32_t query = queries.insert(queries_.name(pair.query));
    if (query == people.size()) people.push_back(people_[pair.query]);
    sums.add({query, pair.listing}, weight);
  });
  queries_ = std::move(queries);
  people_ = std::move(people);
  sums_ = std::move(sums);
}

}  // namespace handsel::graph::internal

#include "app/engine/action_tally.h"

#include <algorithm>
#include <tuple>

#include "analysis/text/normalised_query.h"
#include "base/core/hash.h"
#include "facts/events/person.h"

namespace handsel {
namespace {

// As the graph weighs them (views/graph/builder.h). A view follows the click that is counted.
double weight_of(events::EventKind kind) {
  switch (kind) {
    case events::EventKind::kClick:
      return 1;
    case events::EventKind::kFavourite:
      return 3;
    case events::EventKind::kCart:
      return 5;
    case events::EventKind::kPurchase:
      return 10;
    default:
      return 0;
  }
}

}  // namespace

std::uint32_t ActionTally::Names::number(std::string_view name) {
  const auto [known, added] = numbers_.try_emplace(std::string(name), static_cast<std::uint32_t>(names_.size()));
  if (added) names_.push_back(&known->first);
  return known->second;
}

void ActionTally::observe(const events::Event& event) {
  if (event.kind == events::EventKind::kSearch) return remember(event);
  const double weight = weight_of(event.kind);
  if (weight == 0 || event.listing_id.empty()) return;
  const Asked asked = asked_of(event);
  if (asked.query.empty()) return;
  const std::uint32_t number = queries_.number(asked.query);
  if (number == people_.size()) {
    people_.push_back({.first = events::person_of(event)});
    languages_.push_back(asked.language);
  }
  people_[number].several |= people_[number].first != events::person_of(event);
  weights_[std::uint64_t{number} << 32 | listings_.number(event.listing_id)] += weight;
  if (weights_.size() > pairs_max_) drop_lightest();
}

// Two tables, of which the newer one is filled: forgetting costs nothing.
void ActionTally::remember(const events::Event& search) {
  if (search.query_id.empty()) return;
  if (newer_.size() >= searches_max_ / 2) {
    older_ = std::move(newer_);
    newer_.clear();
  }
  newer_.insert_or_assign(hash64(search.query_id), Asked{text::normalised_query(search.query), search.language});
}

ActionTally::Asked ActionTally::asked_of(const events::Event& event) const {
  if (!event.query_id.empty()) {
    const std::uint64_t id = hash64(event.query_id);
    if (const auto known = newer_.find(id); known != newer_.end()) return known->second;
    if (const auto known = older_.find(id); known != older_.end()) return known->second;
  }
  return {text::normalised_query(event.query), event.language};
}

// With them the names that nothing is left of.
void ActionTally::drop_lightest() {
  std::vector<std::tuple<double, std::string_view, std::string_view, std::uint64_t>> pairs;
  pairs.reserve(weights_.size());
  for (const auto& [pair, weight] : weights_) {
    pairs.emplace_back(weight, queries_.name(static_cast<std::uint32_t>(pair >> 32)),
                       listings_.name(static_cast<std::uint32_t>(pair)), pair);
  }
  std::ranges::nth_element(pairs, pairs.begin() + static_cast<std::ptrdiff_t>(pairs.size() / 4));
  Names queries;
  Names listings;
  std::vector<People> people;
  std::vector<std::string> languages;
  std::unordered_map<std::uint64_t, double> weights;
  for (std::size_t i = pairs.size() / 4; i < pairs.size(); ++i) {
    const auto& [weight, query, listing, pair] = pairs[i];
    const std::uint32_t number = queries.number(query);
    if (number == people.size()) {
      people.push_back(people_[pair >> 32]);
      languages.push_back(languages_[pair >> 32]);
    }
    weights.emplace(std::uint64_t{number} << 32 | listings.number(listing), weight);
  }
  queries_ = std::move(queries);
  listings_ = std::move(listings);
  people_ = std::move(people);
  languages_ = std::move(languages);
  weights_ = std::move(weights);
}

void ActionTally::visit(const std::function<bool(const Action&)>& visit) const {
  std::vector<Action> actions;
  for (const auto& [pair, weight] : weights_) {
    const auto query = static_cast<std::uint32_t>(pair >> 32);
    if (!people_[query].several) continue;
    actions.push_back({.query = queries_.name(query),
                       .language = languages_[query],
                       .listing_id = listings_.name(static_cast<std::uint32_t>(pair)),
                       .weight = weight});
  }
  std::ranges::sort(actions, {}, [](const Action& action) { return std::tie(action.listing_id, action.query); });
  for (const Action& action : actions) {
    if (!visit(action)) return;
  }
}

}  // namespace handsel

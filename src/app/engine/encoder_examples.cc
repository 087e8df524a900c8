#include "app/engine/encoder_examples.h"

#include <algorithm>

#include "analysis/text/normalised_query.h"

namespace handsel {
namespace {

models::Interest interest_of(const learning::Outcome& outcome) {
  if (outcome.purchased) return models::Interest::kPurchase;
  if (outcome.carted) return models::Interest::kCart;
  if (outcome.favourited) return models::Interest::kFavourite;
  return outcome.acted() ? models::Interest::kClick : models::Interest::kImpression;
}

// Which listings somebody acted on is all that is asked of a profile here.
std::shared_ptr<const profiles::ListingFacts> no_facts(std::string_view) {
  return nullptr;
}

}  // namespace

EncoderExamples::EncoderExamples(models::TrainingData& data, const Numbers& numbers, std::size_t examples_max)
    : data_(data),
      numbers_(numbers),
      examples_max_(examples_max),
      profiles_(profiles::ProfileStore::create({})),
      collector_({}, [this](const learning::CollectedSearch& search) { add(search); }) {}

void EncoderExamples::observe(const events::Event& event) {
  // As of the first page: further ones come after what was done on it.
  if (event.kind == events::EventKind::kSearch && !event.query_id.empty() && !recent_.contains(event.query_id)) {
    recent_.emplace(event.query_id, recent_of(event));
  }
  profiles_->observe(event, no_facts);
  collector_.observe(event);
}

void EncoderExamples::finish() {
  collector_.finish();
}

EncoderExamples::Recent EncoderExamples::recent_of(const events::Event& search) const {
  Recent recent;
  const auto profile = profiles_->find(search.session_id, search.user_id, search.time_ms);
  if (profile == nullptr) return recent;
  const std::size_t count = std::min(profile->recent_listings.size(), models::kSessionVectorListings);
  for (std::size_t i = 0; i < count; ++i) {
    if (const auto known = numbers_.find(profile->recent_listings[i]); known != numbers_.end()) {
      recent.push_back(known->second);
    }
  }
  return recent;
}

void EncoderExamples::add(const learning::CollectedSearch& search) {
  Recent recent;
  if (auto known = recent_.extract(search.query_id)) recent = std::move(known.mapped());
  if (data_.examples.size() >= examples_max_) return;
  std::int64_t last_acted = -1;
  for (const learning::ShownListing& shown : search.shown) {
    if (shown.outcome.acted()) last_acted = shown.place;
  }
  if (last_acted < 0) return;
  models::TrainingExample example{.query = query_number(search),
                                  .country = country_number(search.country),
                                  .session_begin = static_cast<std::uint32_t>(data_.session_listings.size()),
                                  .session_count = static_cast<std::uint32_t>(recent.size())};
  data_.session_listings.insert(data_.session_listings.end(), recent.rbegin(), recent.rend());
  for (const learning::ShownListing& shown : search.shown) {
    if (shown.place > last_acted) break;  // further down was perhaps never seen
    const auto listing = numbers_.find(shown.listing_id);
    if (listing == numbers_.end()) continue;
    example.listing = listing->second;
    example.interest = interest_of(shown.outcome);
    data_.examples.push_back(example);
  }
}

std::uint32_t EncoderExamples::query_number(const learning::CollectedSearch& search) {
  const auto [known, added] = queries_.try_emplace(search.language + "\n" + text::normalised_query(search.query),
                                                   static_cast<std::uint32_t>(data_.queries.size()));
  if (added) data_.queries.push_back({.text = search.query, .language = search.language});
  return known->second;
}

std::uint16_t EncoderExamples::country_number(const std::string& country) {
  if (country.empty()) return 0;
  if (const auto known = countries_.find(country); known != countries_.end()) return known->second;
  if (data_.countries.size() == models::kCountriesMax) return 0;
  data_.countries.push_back(country);
  return countries_[country] = static_cast<std::uint16_t>(data_.countries.size());
}

}  // namespace handsel

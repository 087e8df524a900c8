#include "analysis/models/two_tower_corpus.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

#include "analysis/models/graph_vectors.h"
#include "base/core/hash.h"

namespace handsel::models {
namespace {

constexpr std::size_t kPriceQuantiles = 16;
constexpr std::size_t kAutomaticBitsMin = 14;
constexpr std::size_t kAutomaticBitsMax = 18;
constexpr std::size_t kRowsPerListing = 8;
constexpr std::size_t kPricesReadMax = 1'000'000;
constexpr std::size_t kCountryActionsMin = 100;  // fewer do not say what its buyers want

std::size_t automatic_bits(std::size_t listings) {
  std::size_t bits = kAutomaticBitsMin;
  while (bits < kAutomaticBitsMax && (std::size_t{1} << bits) < kRowsPerListing * listings) ++bits;
  return bits;
}

// Prices of the catalogue's main currency, cut into parts of equal size.
void choose_price_edges(std::map<std::string, std::vector<std::int64_t>>& prices, FeatureSettings& settings) {
  const auto most = std::ranges::max_element(prices, {}, [](const auto& entry) { return entry.second.size(); });
  if (most == prices.end()) return;
  settings.currency = most->first;
  std::vector<std::int64_t>& sorted = most->second;
  std::ranges::sort(sorted);
  for (std::size_t i = 1; i < kPriceQuantiles; ++i) {
    const std::int64_t edge = sorted[sorted.size() * i / kPriceQuantiles];
    if (settings.price_edges.empty() || edge > settings.price_edges.back()) settings.price_edges.push_back(edge);
  }
}

// Countries whose buyers acted often enough to say what they want.
void choose_countries(const TrainingData& data, FeatureSettings& settings) {
  std::map<std::string_view, std::size_t> actions;
  for (const TrainingExample& example : data.examples) {
    const bool is_named = example.country > 0 && example.country <= data.countries.size();
    if (is_named && example.interest != Interest::kImpression) ++actions[data.countries[example.country - 1]];
  }
  for (const auto& [country, count] : actions) {
    if (count >= kCountryActionsMin && settings.countries.size() < kCountriesMax)
      settings.countries.emplace_back(country);
  }
}

}  // namespace

Result<TrainingCorpus> TrainingCorpus::read(const TrainingData& data, std::size_t table_bits, std::stop_token stop) {
  TrainingCorpus corpus;
  std::map<std::string, std::vector<std::int64_t>> prices;
  std::size_t count = 0;
  HANDSEL_TRY(data.visit_listings([&](const catalog::Listing& listing) {
    ++count;
    if (!listing.price_cents) return;
    std::vector<std::int64_t>& of_currency = prices[listing.currency];
    if (of_currency.size() < kPricesReadMax) of_currency.push_back(*listing.price_cents);
  }));
  if (count == 0) return fail(Code::kInvalidArgument, "there are no listings to learn from");
  if (count > kTrainingListingsMax) {
    return fail(Code::kTooLarge, "{} listings are more than the {} that fit", count, kTrainingListingsMax);
  }
  FeatureSettings settings{.table_bits = table_bits == 0 ? automatic_bits(count) : table_bits};
  choose_price_edges(prices, settings);
  choose_countries(data, settings);
  corpus.features_ = std::make_unique<FeatureMaker>(std::move(settings));
  HANDSEL_TRY(data.visit_listings([&](const catalog::Listing& listing) {
    if (!stop.stop_requested()) corpus.add(listing);
  }));
  if (stop.stop_requested()) return fail(Code::kCancelled, "training was stopped while it read the catalogue");
  if (corpus.size() != count) return fail(Code::kConflict, "the catalogue changed while it was read for training");
  corpus.count_rarity(data.queries);
  return corpus;
}

void TrainingCorpus::add(const catalog::Listing& listing) {
  FeatureBag bag;
  features_->of_listing(listing, bag);
  rows_.insert(rows_.end(), bag.rows.begin(), bag.rows.end());
  weights_.insert(weights_.end(), bag.weights.begin(), bag.weights.end());
  begins_.push_back(rows_.size());
  ends_.emplace_back();
  std::copy_n(bag.ends.begin(), kListingSegments, ends_.back().begin());
  sources_.push_back(pseudo_source(listing));
  keys_.push_back(graph_key(listing.id));
  const std::string_view row_bytes(reinterpret_cast<const char*>(bag.rows.data()),
                                   bag.rows.size() * sizeof(bag.rows[0]));
  fingerprint_ = hash64(row_bytes, hash64(listing.id, fingerprint_));
}

void TrainingCorpus::count_rarity(std::span<const TrainingQuery> queries) {
  std::vector<std::uint32_t> listings(features_->settings().rows(), 0);
  std::vector<std::uint32_t> last(listings.size(), 0);
  for (std::size_t i = 0; i < size(); ++i) {
    for (std::size_t at = begins_[i]; at < begins_[i + 1]; ++at) {
      if (std::exchange(last[rows_[at]], static_cast<std::uint32_t>(i + 1)) != i + 1) ++listings[rows_[at]];
    }
  }
  FeatureBag bag;
  const auto read = [&](const QueryInput& input) {
    features_->of_query(input, bag);
    for (const std::uint32_t row : bag.rows) listings[row] = std::max(listings[row], 1U);
  };
  for (const TrainingQuery& query : queries) read({.text = query.text, .language = query.language});
  for (const std::string& country : features_->settings().countries) read({.country = country});
  rarity_.resize(listings.size());
  std::ranges::transform(listings, rarity_.begin(), [&](std::uint32_t count) {
    return count == 0 ? 0.0F : std::log1p(static_cast<float>(size()) / static_cast<float>(count));
  });
}

void TrainingCorpus::bag(std::size_t listing, FeatureBag& bag) const {
  bag_without(listing, {}, bag);
}

void TrainingCorpus::bag_without(std::size_t listing, std::span<const std::uint32_t> without, FeatureBag& bag) const {
  bag.clear();
  bag.segments = kListingSegments;
  std::size_t at = begins_[listing];
  for (std::size_t segment = 0; segment < kListingSegments; ++segment) {
    const std::size_t end = begins_[listing] + ends_[listing][segment];
    for (; at < end; ++at) {
      if (!without.empty() && std::ranges::binary_search(without, rows_[at])) continue;
      bag.rows.push_back(rows_[at]);
      bag.weights.push_back(weights_[at]);
    }
    bag.ends[segment] = static_cast<std::uint32_t>(bag.rows.size());
  }
}

}  // namespace handsel::models

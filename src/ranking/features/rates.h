// Rates from few observations: pulled towards what is usual.
#pragma once

#include <cmath>
#include <string_view>

#include "ranking/features/candidate_counts.h"
#include "ranking/features/feature.h"

namespace handsel::features {

// (successes + weight * usual) / (trials + weight): the mean of a Beta posterior.
inline double smoothed_rate(double successes, double trials, double usual, double weight) {
  return (successes + weight * usual) / (trials + weight);
}

// ln(1 + an amount); one below nothing, which no importer lets through, counts as nothing.
inline double log_amount(double amount) {
  return amount < 0 ? 0 : std::log1p(amount);
}

inline constexpr double kListingWeight = 20;  // showings that what is usual counts for
inline constexpr double kPairWeight = 10;

// Clicks a showing over the whole marketplace; 0 where nothing was shown.
inline double usual_click_rate(const profiles::Counts& all) {
  return all.shown > 0 ? all.clicks / all.shown : 0;
}

inline std::string_view id_of(const FeatureInput& input, std::size_t candidate) {
  return index::doc_info(input.snapshot, input.candidates[candidate].doc).id;
}

inline double click_rate_of_listing(const profiles::Counts& listing, double usual) {
  return smoothed_rate(listing.clicks, listing.shown, usual, kListingWeight);
}

}  // namespace handsel::features

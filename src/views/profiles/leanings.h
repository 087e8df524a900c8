// What a profile says about one listing: the session's features for the ranker.
//
// Attributes are given as attribute_key() makes them. Pure functions, any thread; some tens of nanoseconds an
// attribute.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/core/rng.h"
#include "views/profiles/profiles.h"

namespace handsel::profiles {

// OPAR's score of an item: the sum over its attributes of 1 / (how many it has * the
// attribute's rank in the profile). In (0, 1]: 1 where all are the best ones. 0 where the
// item has no attributes or the profile has learnt none.
double attribute_score(const Profile& profile, std::span<const std::uint32_t> item_keys);

// The sum over its attributes of log(alpha / beta), of those that the profile has met: what
// naive Bayes says of the odds that the person acts on it, with Beta(1, 1) before.
double attribute_odds(const Profile& profile, std::span<const std::uint32_t> item_keys);

// How much of what the person did lies where the listing lies: the mean over the names of
// its path of the share of actions, a name weighing twice what its parent weighs. 0..1; 1
// where all actions were in that leaf. 0 where nothing is known.
double taxonomy_affinity(const Profile& profile, std::span<const std::string> taxonomy_path);

// exp(-z^2 / 2) with z the distance of the price from the middle of the band, in spreads,
// both in logarithms. 0..1; 1 in the middle. kPriceFitUnknown where either is not known.
double price_fit(const Profile& profile, std::optional<std::int64_t> price_cents);
inline constexpr double kPriceFitUnknown = 0.5;

// Thompson sampling: the same profile with the order of its attributes drawn from
// Beta(alpha, beta), for pages that explore. Serving that must repeat itself uses the means.
Profile drawn_from(const Profile& profile, Rng& rng);

// Beta(a, b) as a quotient of two Gamma draws (Marsaglia & Tsang 2000, "A simple method for
// generating gamma variables"); a, b >= 1.
double draw_beta(double a, double b, Rng& rng);

// Fills ranks and rank_of_unmet from `values`, one of each leaning; `unmet` is the value of
// an attribute that was never met.
void set_ranks(Profile& profile, std::span<const double> values, double unmet);

}  // namespace handsel::profiles

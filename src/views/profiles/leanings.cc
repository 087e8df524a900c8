#include "views/profiles/leanings.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>

#include "base/core/hash.h"

namespace handsel::profiles {
namespace {

std::uint32_t rank_of(const Profile& profile, std::uint32_t key) {
  const auto found = std::ranges::lower_bound(profile.leanings, key, {}, &Leaning::key);
  if (found == profile.leanings.end() || found->key != key) return profile.rank_of_unmet;
  return profile.ranks[static_cast<std::size_t>(found - profile.leanings.begin())];
}

// Marsaglia & Tsang; shape >= 1.
double draw_gamma(double shape, Rng& rng) {
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = rng.normal();
    const double v = (1 + c * x) * (1 + c * x) * (1 + c * x);
    if (v <= 0) continue;
    if (std::log(1 - rng.uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

}  // namespace

std::uint32_t attribute_key(std::string_view attribute) {
  return attribute_key(hash64(attribute));
}

double attribute_score(const Profile& profile, std::span<const std::uint32_t> item_keys) {
  if (item_keys.empty() || profile.leanings.empty()) return 0;
  double sum = 0;
  for (const std::uint32_t key : item_keys) sum += 1.0 / rank_of(profile, key);
  return sum / static_cast<double>(item_keys.size());
}

double attribute_odds(const Profile& profile, std::span<const std::uint32_t> item_keys) {
  double sum = 0;
  for (const std::uint32_t key : item_keys) {
    const auto found = std::ranges::lower_bound(profile.leanings, key, {}, &Leaning::key);
    if (found != profile.leanings.end() && found->key == key) sum += std::log(found->alpha / found->beta);
  }
  return sum;
}

double taxonomy_affinity(const Profile& profile, std::span<const std::string> taxonomy_path) {
  double sum = 0;
  double weights = 0;
  double weight = 1;
  for (const std::string& name : taxonomy_path.first(std::min(taxonomy_path.size(), kTaxonomyDepthMax))) {
    const auto found = std::ranges::find(profile.taxonomies, name, &std::pair<std::string, double>::first);
    if (found != profile.taxonomies.end()) sum += weight * found->second;
    weights += weight;
    weight *= 2;
  }
  return weights > 0 ? sum / weights : 0;
}

double price_fit(const Profile& profile, std::optional<std::int64_t> price_cents) {
  if (!profile.price_band_cents || !price_cents || *price_cents <= 0) return kPriceFitUnknown;
  const auto [middle, spread] = *profile.price_band_cents;
  const double z = (std::log(static_cast<double>(*price_cents)) - std::log(middle)) / std::log(spread);
  return std::exp(-z * z / 2);
}

double draw_beta(double a, double b, Rng& rng) {
  const double x = draw_gamma(a, rng);
  const double y = draw_gamma(b, rng);
  return x / (x + y);
}

void set_ranks(Profile& profile, std::span<const double> values, double unmet) {
  std::vector<double> order(values.begin(), values.end());
  std::ranges::sort(order, std::greater<>());
  const auto rank = [&](double value) {
    const auto better = std::ranges::lower_bound(order, value, std::greater<>()) - order.begin();
    return static_cast<std::uint32_t>(better + 1);
  };
  profile.ranks.clear();
  for (const double value : values) profile.ranks.push_back(rank(value));
  profile.rank_of_unmet = rank(unmet);
}

Profile drawn_from(const Profile& profile, Rng& rng) {
  Profile drawn = profile;
  std::vector<double> values;
  for (const Leaning& leaning : profile.leanings) values.push_back(draw_beta(leaning.alpha, leaning.beta, rng));
  set_ranks(drawn, values, draw_beta(1, 1, rng));
  std::ranges::stable_sort(drawn.attributes, {},
                           [&](const auto& attribute) { return rank_of(drawn, attribute_key(attribute.first)); });
  return drawn;
}

}  // namespace handsel::profiles

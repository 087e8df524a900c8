#include "views/profiles/leanings.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace handsel::profiles {
namespace {

// A profile with these leanings, in any order.
Profile leaning_to(std::vector<std::pair<std::string, Leaning>> leanings) {
  Profile profile;
  for (auto& [name, leaning] : leanings) {
    leaning.key = attribute_key(name);
    profile.leanings.push_back(leaning);
    profile.attributes.emplace_back(name, leaning.mean());
  }
  std::ranges::sort(profile.leanings, {}, &Leaning::key);
  std::vector<double> means;
  for (const Leaning& leaning : profile.leanings) means.push_back(leaning.mean());
  set_ranks(profile, means, 0.5);
  return profile;
}

std::vector<std::uint32_t> keys_of(const std::vector<std::string>& attributes) {
  std::vector<std::uint32_t> keys;
  for (const std::string& attribute : attributes) keys.push_back(attribute_key(attribute));
  return keys;
}

double score(const Profile& profile, const std::vector<std::string>& attributes) {
  return attribute_score(profile, keys_of(attributes));
}

TEST(AttributeScore, IsTheSumOfInverseRanks) {
  const Profile profile = leaning_to({{"style=boho", {.alpha = 4, .beta = 1}},
                                      {"material=linen", {.alpha = 4, .beta = 1}},  // shares the first rank
                                      {"color=sage", {.alpha = 2, .beta = 1}},
                                      {"style=minimal", {.alpha = 1, .beta = 5}}});
  EXPECT_EQ(score(profile, {"style=boho"}), 1.0);
  EXPECT_EQ(score(profile, {"style=boho", "material=linen"}), 1.0);
  EXPECT_EQ(score(profile, {"color=sage"}), 1.0 / 3);
  EXPECT_EQ(score(profile, {"never=met"}), 1.0 / 4);      // behind what is liked
  EXPECT_EQ(score(profile, {"style=minimal"}), 1.0 / 4);  // no rank lies between: nothing met stands at the mean
  EXPECT_EQ(score(profile, {"style=boho", "style=minimal"}), (1.0 + 1.0 / 4) / 2);
  EXPECT_EQ(score(profile, {}), 0);
  EXPECT_EQ(score(Profile{}, {"style=boho"}), 0);
}

TEST(AttributeOdds, IsTheSumOfLogOddsOfWhatWasMet) {
  const Profile profile = leaning_to({{"style=boho", {.alpha = 4, .beta = 1}},
                                      {"color=sage", {.alpha = 2, .beta = 1}},
                                      {"style=minimal", {.alpha = 1, .beta = 5}}});
  const auto odds = [&](const std::vector<std::string>& attributes) {
    return attribute_odds(profile, keys_of(attributes));
  };
  EXPECT_DOUBLE_EQ(odds({"style=boho", "tag=a", "tag=b"}), std::log(4));  // other tags do not thin it
  EXPECT_DOUBLE_EQ(odds({"style=boho", "color=sage"}), std::log(8));
  EXPECT_DOUBLE_EQ(odds({"style=minimal"}), -std::log(5));
  EXPECT_EQ(odds({"never=met"}), 0);
  EXPECT_EQ(odds({}), 0);
  EXPECT_EQ(attribute_odds(Profile{}, keys_of({"style=boho"})), 0);
}

TEST(TaxonomyAffinity, DeeperNamesWeighMore) {
  Profile profile;
  profile.taxonomies = {{"home", 1.0}, {"kitchen", 0.75}, {"aprons", 0.5}};
  const auto affinity = [&](std::vector<std::string> path) { return taxonomy_affinity(profile, path); };
  EXPECT_DOUBLE_EQ(affinity({"home", "kitchen", "aprons"}), (1.0 + 2 * 0.75 + 4 * 0.5) / 7);
  EXPECT_DOUBLE_EQ(affinity({"home", "garden"}), 1.0 / 3);
  EXPECT_EQ(affinity({"jewelry"}), 0);
  EXPECT_EQ(affinity({}), 0);
  EXPECT_EQ(taxonomy_affinity(Profile{}, std::vector<std::string>{"home"}), 0);
  EXPECT_DOUBLE_EQ(affinity(std::vector<std::string>(1000, "home")), 1.0);
}

TEST(PriceFit, IsABellInLogarithms) {
  Profile profile;
  EXPECT_EQ(price_fit(profile, 1000), kPriceFitUnknown);
  profile.price_band_cents = {2000, 2.0};
  EXPECT_EQ(price_fit(profile, std::nullopt), kPriceFitUnknown);
  EXPECT_EQ(price_fit(profile, 0), kPriceFitUnknown);
  EXPECT_EQ(price_fit(profile, -5), kPriceFitUnknown);
  EXPECT_NEAR(price_fit(profile, 2000), 1, 1e-12);
  EXPECT_NEAR(price_fit(profile, 4000), std::exp(-0.5), 1e-12);
  EXPECT_NEAR(price_fit(profile, 1000), std::exp(-0.5), 1e-12);
  EXPECT_GE(price_fit(profile, std::numeric_limits<std::int64_t>::max()), 0);
}

TEST(DrawBeta, HasTheMomentsOfBeta) {
  Rng rng(1);
  for (const auto& [a, b] : {std::pair(1.0, 1.0), std::pair(3.5, 1.2), std::pair(40.0, 10.0)}) {
    constexpr int kDraws = 100'000;
    double sum = 0, squares = 0;
    for (int i = 0; i < kDraws; ++i) {
      const double x = draw_beta(a, b, rng);
      ASSERT_TRUE(x >= 0 && x <= 1);
      sum += x;
      squares += x * x;
    }
    const double mean = sum / kDraws;
    const double variance = a * b / ((a + b) * (a + b) * (a + b + 1));
    // Four standard errors of the mean; the variance within three per cent.
    EXPECT_NEAR(mean, a / (a + b), 4 * std::sqrt(variance / kDraws));
    EXPECT_NEAR(squares / kDraws - mean * mean, variance, 0.03 * variance);
  }
}

TEST(DrawnFrom, OrdersByDrawsAndRepeatsWithTheSeed) {
  const Profile profile =
      leaning_to({{"loved", {.alpha = 50, .beta = 2}}, {"unsure", {.alpha = 2, .beta = 1}}, {"shunned", {.beta = 50}}});
  Rng first(3), second(3);
  int unsure_above_unmet = 0;
  for (int i = 0; i < 1000; ++i) {
    const Profile drawn = drawn_from(profile, first);
    EXPECT_EQ(drawn, drawn_from(profile, second));
    EXPECT_GT(score(drawn, {"loved"}), score(drawn, {"shunned"}));
    unsure_above_unmet += score(drawn, {"unsure"}) > score(drawn, {"unmet"});
  }
  // P(Beta(2, 1) > Beta(1, 1)) is 2/3.
  EXPECT_NEAR(unsure_above_unmet, 667, 60);
}

}  // namespace
}  // namespace handsel::profiles

#include "proof/estimators/power.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/core/rng.h"
#include "base/math/statistics.h"

namespace handsel::estimators {
namespace {

// The expected numbers are those of statsmodels 0.15.0, statsmodels.stats.power.tt_ind_solve_power (two-sided), to the
// digits it prints.
TEST(Power, UnitsNeededAreThoseOfStatsmodels) {
  struct Row {
    double effect, alpha, power, ratio, units;
  };
  for (const Row& row : {Row{0.05, 0.05, 0.8, 1, 6280.048916291407}, Row{0.5, 0.05, 0.8, 1, 63.76561058891169},
                         Row{0.02, 0.01, 0.9, 0.5, 111597.61540335501}, Row{1.2, 0.05, 0.95, 2, 14.2099543002162}}) {
    const auto units = units_needed(row.effect, {.alpha = row.alpha, .power = row.power, .ratio = row.ratio});
    ASSERT_TRUE(units);
    EXPECT_NEAR(*units / row.units, 1, 1e-6) << row.effect;
  }
}

// Of statsmodels' own effects only those of small samples are solved to so many digits (its power at the effect it
// gives for 5,000 units is 0.79997), so for large ones the effect is put back into the power.
TEST(Power, DetectableEffectsHaveThePowerAskedFor) {
  EXPECT_NEAR(*detectable_effect(12, {}) / 1.1968120979222705, 1, 1e-6) << "statsmodels";
  for (const double units : {2.0, 100.0, 5000.0, 200'000.0, 1e9}) {
    for (const double ratio : {1.0, 4.0}) {
      const Design design{.ratio = ratio};
      EXPECT_NEAR(power_of(*detectable_effect(units, design), units, design), 0.8, 1e-9) << units << " " << ratio;
    }
  }
}

TEST(Power, PowersAreThoseOfStatsmodels) {
  EXPECT_NEAR(power_of(0.1, 1000, {}), 0.6083667058091785, 1e-6);
  EXPECT_NEAR(power_of(1.0, 10, {}), 0.5620066465861491, 1e-6);
  EXPECT_NEAR(power_of(0.005, 1e6, {.alpha = 0.001}), 0.5967727093280831, 1e-6);
  EXPECT_NEAR(power_of(0.056, 5000, {}), 0.7994814636186447, 1e-6);
  EXPECT_NEAR(power_of(0.014, 200'000, {.ratio = 0.25}), 0.7995538561345593, 1e-6);
  EXPECT_NEAR(power_of(0, 100, {}), 0.05, 1e-9) << "nothing to find: false alarms alone";
  EXPECT_EQ(power_of(10, 10'000, {}), 1);
}

// The obvious twin: many statistics drawn from the definition of the noncentral t.
TEST(Power, TheSeriesAgreesWithDraws) {
  constexpr int kDraws = 200'000;
  Rng rng(3);
  int below = 0;
  for (int i = 0; i < kDraws; ++i) {
    double squares = 0;
    for (int k = 0; k < 5; ++k) squares += std::pow(rng.normal(), 2);
    below += (rng.normal() + 1.5) / std::sqrt(squares / 5) <= 2 ? 1 : 0;
  }
  EXPECT_NEAR(noncentral_t_cdf(2, 5, 1.5), static_cast<double>(below) / kDraws, 0.005);
  EXPECT_NEAR(noncentral_t_cdf(-1, 5, 0), student_t_survival(1, 5), 1e-12);
  EXPECT_NEAR(noncentral_t_cdf(1, 7, -2) + noncentral_t_cdf(-1, 7, 2), 1, 1e-12);
}

TEST(Power, WhatHasNoAnswerIsRefused) {
  EXPECT_FALSE(units_needed(0, {}));
  EXPECT_FALSE(units_needed(std::nan(""), {}));
  EXPECT_FALSE(units_needed(0.1, {.alpha = 0}));
  EXPECT_FALSE(units_needed(0.1, {.power = 1}));
  EXPECT_FALSE(units_needed(0.1, {.ratio = -1}));
  EXPECT_FALSE(units_needed(1e-9, {}));
  EXPECT_FALSE(detectable_effect(1, {}));
  EXPECT_FALSE(detectable_effect(INFINITY, {}));
}

}  // namespace
}  // namespace handsel::estimators

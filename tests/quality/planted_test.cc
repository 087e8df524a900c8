// The demo's planted experiments, analysed from the events alone, find what the generator knows to be true.
// bench/experiments_demo.cc asks the same of larger demos and of many seeds.
#include <array>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/demo/demo.h"
#include "proof/estimators/difference.h"
#include "proof/mediation/mediation.h"

namespace handsel {
namespace {

struct Unit {
  std::array<std::string, 2> variants;  // of demo::kPlantedTests
  double clicks = 0;                    // in the search, since the exposure
  double cents = 0;
};

struct Planted {
  std::map<std::string, Unit> units;
  demo::PlantedTruth truth;
};

Planted run(std::uint64_t seed) {
  Planted out;
  const auto market = demo::Marketplace::create({.seed = seed, .listings = 20'000});
  EXPECT_TRUE(market);
  const auto sink = [&](const events::Event& event) -> Result<void> {
    if (event.kind == events::EventKind::kExposure) {
      out.units[event.unit].variants[event.experiment == demo::kPlantedTests[0] ? 0 : 1] = event.variant;
      return {};
    }
    const auto unit = out.units.find(event.user_id);
    if (unit == out.units.end()) return {};
    if (event.kind == events::EventKind::kClick && event.surface == "search") unit->second.clicks += 1;
    if (event.kind == events::EventKind::kPurchase) unit->second.cents += static_cast<double>(*event.price_cents);
    return {};
  };
  EXPECT_TRUE(market->sessions(100'000, market->noisy_ranker(), sink, &out.truth));
  return out;
}

void expect_covers(const mediation::Effect& effect, double truth, const char* name) {
  EXPECT_LE(effect.low, truth) << name;
  EXPECT_GE(effect.high, truth) << name;
}

TEST(PlantedExperiment, DirectAndIndirectEffectsCoverTheTruth) {
  for (const std::uint64_t seed : {3, 5}) {
    const Planted planted = run(seed);
    std::vector<double> treatment, mediator, outcome;
    for (const auto& [name, unit] : planted.units) {
      treatment.push_back(unit.variants[0] == "v2" ? 1 : 0);
      mediator.push_back(unit.clicks);
      outcome.push_back(unit.cents);
    }
    const auto got =
        mediation::mediate({.treatment = treatment, .mediator = mediator, .outcome = outcome, .covariates = {}}, {});
    ASSERT_TRUE(got) << got.error().message;
    for (const std::size_t t : {0u, 1u}) {
      expect_covers(got->direct[t], planted.truth.direct_cents, "direct");
      expect_covers(got->indirect[t], planted.truth.indirect_cents, "indirect");
    }
    expect_covers(got->total, planted.truth.total_cents, "total");
    EXPECT_LT(got->indirect[1].high, 0);  // the loss is seen where the total is not
    EXPECT_LT(got->total.low, 0);
    EXPECT_GT(got->total.high, 0);
  }
}

TEST(PlantedExperiment, NothingIsFoundWhereNothingWasDone) {
  const Planted planted = run(2);
  std::array<std::vector<double>, 2> cents, clicks;
  for (const auto& [name, unit] : planted.units) {
    const std::size_t arm = unit.variants[1] == "same" ? 1 : 0;
    cents[arm].push_back(unit.cents);
    clicks[arm].push_back(unit.clicks);
  }
  for (const auto& values : {cents, clicks}) {
    const auto pair = estimators::welch_pair(values[0], values[1]);
    ASSERT_TRUE(pair);
    EXPECT_GT(estimators::difference_of(*pair, 0.95).p, 0.05);
  }
}

}  // namespace
}  // namespace handsel

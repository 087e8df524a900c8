// Do intervals hold what they promise? Simulated experiments whose truth is known.
//
//   bench_experiments_quality [SIMULATIONS (10000)] [SEED (1)]
//
// Prints coverage of the mediation's intervals with unmeasured mediators, their errors beside the Monte Carlo spread,
// and the false alarms of every method in A/A tests on skewed data. The numbers stand in docs/reference/measured.md.
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/core/rng.h"
#include "base/math/statistics.h"
#include "proof/estimators/adjustment.h"
#include "proof/estimators/difference.h"
#include "proof/estimators/sequential.h"
#include "proof/mediation/simulate.h"

namespace {

using namespace handsel;
using estimators::Pair;

constexpr double kConfidence = 0.95;

struct Tally {
  std::string name;
  double truth = 0;
  std::size_t covered = 0;
  std::vector<double> estimates;
  std::vector<double> errors;
};

void mediation_coverage(std::size_t simulations, std::uint64_t seed, std::size_t units, mediation::Errors errors) {
  const mediation::Truth truth = mediation::truth_of_simulation();
  std::array<Tally, 5> tallies = {Tally{"GADE(0)", truth.direct[0]}, Tally{"GADE(1)", truth.direct[1]},
                                  Tally{"GACME(0)", truth.indirect[0]}, Tally{"GACME(1)", truth.indirect[1]},
                                  Tally{"total", truth.total}};
  for (std::size_t i = 0; i < simulations; ++i) {
    const auto data = mediation::simulate(units, errors, seed * 1'000'003 + i);
    const auto got = mediation::mediate(data.input(), {.confidence = kConfidence});
    if (!got) continue;
    const std::array<const mediation::Effect*, 5> effects = {&got->direct[0], &got->direct[1], &got->indirect[0],
                                                             &got->indirect[1], &got->total};
    for (std::size_t e = 0; e < effects.size(); ++e) {
      tallies[e].covered += effects[e]->low <= tallies[e].truth && tallies[e].truth <= effects[e]->high;
      tallies[e].estimates.push_back(effects[e]->estimate);
      tallies[e].errors.push_back(effects[e]->error);
    }
  }
  std::printf("mediation, %zu units, %s errors, %zu simulations\n", units,
              errors == mediation::Errors::kNormal ? "normal" : "skewed", simulations);
  for (const Tally& t : tallies) {
    const double spread = std::sqrt(variance(t.estimates));
    std::printf("  %-9s truth %+.4f  mean %+.4f  spread %.5f  delta-method error %.5f (%+.1f %%)  coverage %.2f %%\n",
                t.name.c_str(), t.truth, mean(t.estimates), spread, mean(t.errors), 100 * (mean(t.errors) / spread - 1),
                100.0 * static_cast<double>(t.covered) / static_cast<double>(t.estimates.size()));
  }
}

// One arm of an A/A test: skewed spend, clicks among visits, a share, what was spent before, a stratum, and ratings
// that those of a shop have in common.
struct ArmDraw {
  std::vector<double> spend, visits, clicks, bought, before, rating;
  std::vector<std::uint32_t> stratum, shop;
};

constexpr std::size_t kShops = 200;
constexpr std::size_t kStrata = 4;
constexpr std::size_t kUnits = 2000;  // an arm

ArmDraw draw(Rng& rng, std::span<const double> shop_effects, std::size_t arm) {
  ArmDraw out;
  for (std::size_t i = 0; i < kUnits; ++i) {
    const auto stratum = static_cast<std::uint32_t>(rng.below(kStrata));
    // Shops are assigned whole: even ones to the control.
    const auto shop = static_cast<std::uint32_t>(2 * rng.below(kShops / 2) + arm);
    const double before = rng.exponential(1) + stratum;
    const double visits = 1 + static_cast<double>(rng.below(6));
    out.before.push_back(before);
    out.visits.push_back(visits);
    out.clicks.push_back(static_cast<double>(rng.below(static_cast<std::uint64_t>(visits) + 1)));
    out.bought.push_back(rng.chance(0.1) ? 1 : 0);
    out.spend.push_back(0.7 * before + rng.exponential(1));
    out.stratum.push_back(stratum);
    out.shop.push_back(shop);
    out.rating.push_back(shop_effects[shop] + rng.normal());
  }
  return out;
}

std::vector<double> linearised(const ArmDraw& arm) {
  const double below = mean(arm.visits);
  const double ratio = mean(arm.clicks) / below;
  std::vector<double> out;
  for (std::size_t i = 0; i < arm.clicks.size(); ++i)
    out.push_back(ratio + (arm.clicks[i] - ratio * arm.visits[i]) / below);
  return out;
}

Result<Pair> adjusted(const ArmDraw& c, const ArmDraw& t, estimators::Adjustment how) {
  const std::vector<estimators::ArmData> arms = {{c.spend, {c.before}}, {t.spend, {t.before}}};
  const std::vector<std::string> names = {"before"};
  HANDSEL_ASSIGN(const auto values, estimators::adjust(arms, names, how));
  HANDSEL_ASSIGN(Pair pair, estimators::welch_pair(values.values[0], values.values[1]));
  pair.treated_variance += values.extra_variance[1];
  return pair;
}

void false_alarms(std::size_t simulations, std::uint64_t seed) {
  const std::array<const char*, 9> names = {"Welch (mean)", "z (proportion)",       "delta method (ratio)",
                                            "CUPED",        "regression (Lin)",     "strata",
                                            "clusters",     "quantile 0.5 (order)", "quantile 0.9 (order)"};
  std::array<std::size_t, 9> alarms{};
  const Rng root(seed);
  for (std::size_t i = 0; i < simulations; ++i) {
    Rng rng = root.split(i);
    std::vector<double> shop_effects;
    for (std::size_t s = 0; s < kShops; ++s) shop_effects.push_back(rng.normal());
    const ArmDraw c = draw(rng, shop_effects, 0);
    const ArmDraw t = draw(rng, shop_effects, 1);
    const std::array<Result<Pair>, 9> pairs = {
        estimators::welch_pair(c.spend, t.spend),
        estimators::proportion_pair(c.bought, t.bought),
        estimators::welch_pair(linearised(c), linearised(t)),
        adjusted(c, t, estimators::Adjustment::kCuped),
        adjusted(c, t, estimators::Adjustment::kRegression),
        estimators::stratum_pair({c.spend, c.stratum}, {t.spend, t.stratum}, kStrata),
        estimators::cluster_pair({c.rating, c.shop}, {t.rating, t.shop}, kShops),
        estimators::quantile_pair(c.spend, t.spend, 0.5),
        estimators::quantile_pair(c.spend, t.spend, 0.9)};
    for (std::size_t m = 0; m < pairs.size(); ++m)
      alarms[m] += pairs[m] && estimators::difference_of(*pairs[m], kConfidence).p < 0.05;
  }
  std::printf("A/A tests, %zu units an arm, %zu simulations: false alarms at 5 %%\n", kUnits, simulations);
  for (std::size_t m = 0; m < names.size(); ++m)
    std::printf("  %-22s %.2f %%\n", names[m],
                100.0 * static_cast<double>(alarms[m]) / static_cast<double>(simulations));
}

// Two weeks, looked at every hour; twenty exponential values an hour and arm.
void peeking(std::size_t simulations, std::uint64_t seed) {
  constexpr std::size_t kHours = 14 * 24;
  constexpr std::size_t kUnitsAnHour = 20;
  constexpr double kPlanned = 2.0 * kHours * kUnitsAnHour;
  const double ratio = estimators::mixture_ratio(kPlanned, 0.05);
  const double critical = normal_quantile(0.975);
  const Rng root(seed + 77);
  std::size_t fixed = 0;
  std::size_t always = 0;
  for (std::size_t i = 0; i < simulations; ++i) {
    Rng rng = root.split(i);
    std::array<double, 2> sums{}, squares{};
    bool fixed_alarm = false;
    bool always_alarm = false;
    for (std::size_t hour = 1; hour <= kHours; ++hour) {
      for (std::size_t arm = 0; arm < 2; ++arm) {
        for (std::size_t u = 0; u < kUnitsAnHour; ++u) {
          const double value = rng.exponential(1) - 1;
          sums[arm] += value;
          squares[arm] += value * value;
        }
      }
      const auto n = static_cast<double>(hour * kUnitsAnHour);
      const auto variance_of = [&](std::size_t arm) {
        return (squares[arm] - sums[arm] * sums[arm] / n) / (n - 1) / n;
      };
      const double z = std::fabs(sums[1] - sums[0]) / n / std::sqrt(variance_of(0) + variance_of(1));
      fixed_alarm = fixed_alarm || z > critical;
      always_alarm = always_alarm || z > estimators::always_valid_reach(2 * n, ratio, 0.05);
    }
    fixed += fixed_alarm;
    always += always_alarm;
  }
  std::printf("A/A tests looked at every hour for two weeks, %zu simulations: any alarm at 5 %%\n", simulations);
  std::printf("  fixed interval         %.2f %%\n",
              100.0 * static_cast<double>(fixed) / static_cast<double>(simulations));
  std::printf("  always-valid interval  %.2f %%\n",
              100.0 * static_cast<double>(always) / static_cast<double>(simulations));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t simulations = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  mediation_coverage(simulations, seed, 600, mediation::Errors::kNormal);
  mediation_coverage(simulations, seed + 1, 2000, mediation::Errors::kSkewed);
  false_alarms(simulations, seed);
  peeking(simulations, seed);
  return 0;
}

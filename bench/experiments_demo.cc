// Do experiments on the demo say what is true there? Two questions, lines of JSON.
//
//   bench_experiments_demo [--listings 20000] [--events 400000] [--seeds 1] [--splits 10000] [--threads 2]
//
// planted: the experiment "recommendations-v2" of each demo (seeds 1 to --seeds), analysed from its events alone:
//   direct and indirect effects through the search's clicks beside the truth that the generator knows; on the value of
//   purchases (gms), and on the same with a cap on each purchase (gms.capped). "half": how
//   few buyers make up half of the variance of GACME(1).
// a/a: the buyers of the first demo are split at random --splits times; nothing differs between the halves but chance.
//   How often does each method see a difference at 5 %? Outcomes are the demo's own, heavy tails and all: what buyers
//   spent, bought and clicked in the last 28 days, with the 28 days before as covariate. always-valid: looked at
//   every hour as buyers arrive.
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "app/demo/demo.h"
#include "base/core/rng.h"
#include "base/math/statistics.h"
#include "harness.h"
#include "proof/estimators/adjustment.h"
#include "proof/estimators/difference.h"
#include "proof/estimators/sequential.h"
#include "proof/mediation/mediation.h"

namespace {

using namespace handsel;
using estimators::Pair;

constexpr double kAlpha = 0.05;
constexpr std::int64_t kHourMs = 3'600'000;
constexpr double kCentsAUnit = 100;

// What one buyer did.
struct Buyer {
  int arm = -1;           // of the planted test; -1: did not meet it
  double clicks_met = 0;  // in the search, since meeting it
  double spent_met = 0;
  double capped_met = 0;  // a purchase counts with at most demo::kCapCents
  double clicks = 0;      // in the last weeks, met or not
  double spent = 0;
  double bought = 0;
  double spent_before = 0;
  double clicks_before = 0;
  std::int64_t hour = -1;            // of the first event in the last weeks
  double first_clicks = 0;           // on that day
  std::vector<double> visit_clicks;  // by visit
  std::string last_visit;
};

struct DemoRun {
  std::vector<Buyer> buyers;
  demo::PlantedTruth truth;
};

DemoRun draw(std::uint64_t listings, std::uint64_t events, std::uint64_t seed) {
  const auto market = bench::need(demo::Marketplace::create({.seed = seed, .listings = listings}));
  const std::int64_t begin_ms = demo::planted_begin_ms(market.options());
  const std::int64_t before_ms = begin_ms - demo::kPlantedMs;
  std::unordered_map<std::string, Buyer> buyers;
  DemoRun run;
  const auto sink = [&](const events::Event& event) -> Result<void> {
    if (event.time_ms < before_ms) return {};
    Buyer& buyer = buyers[event.user_id];
    const bool is_click = event.kind == events::EventKind::kClick && event.surface == "search";
    const double cents = event.kind == events::EventKind::kPurchase
                             ? static_cast<double>(event.price_cents.value_or(0) * event.quantity)
                             : 0;
    if (event.time_ms < begin_ms) {
      buyer.clicks_before += is_click;
      buyer.spent_before += cents / kCentsAUnit;
      return {};
    }
    if (event.kind == events::EventKind::kExposure && event.experiment == demo::kPlantedTests[0])
      buyer.arm = event.variant == "control" ? 0 : 1;
    if (buyer.hour < 0) buyer.hour = (event.time_ms - begin_ms) / kHourMs;
    if (event.session_id != buyer.last_visit) buyer.visit_clicks.push_back(0);
    buyer.last_visit = event.session_id;
    buyer.visit_clicks.back() += is_click;
    if ((event.time_ms - begin_ms) / kHourMs < buyer.hour + 24) buyer.first_clicks += is_click;
    buyer.clicks += is_click;
    buyer.spent += cents / kCentsAUnit;
    if (cents > 0) buyer.bought = 1;
    if (buyer.arm < 0) return {};
    buyer.clicks_met += is_click;
    buyer.spent_met += cents / kCentsAUnit;
    buyer.capped_met += std::min(cents, static_cast<double>(demo::kCapCents)) / kCentsAUnit;
    return {};
  };
  if (const auto drawn = market.sessions(events, market.noisy_ranker(), sink, &run.truth); !drawn)
    bench::stop(drawn.error().message);
  for (auto& [name, buyer] : buyers) run.buyers.push_back(std::move(buyer));
  // The order of a hash table is nobody's: the clicks that came first, first.
  std::ranges::sort(run.buyers, {},
                    [](const Buyer& b) { return std::tuple(b.hour, b.spent, b.clicks, b.spent_before); });
  return run;
}

std::string effect_json(const char* name, const mediation::Effect& effect, double truth) {
  return fmt::format(
      ", \"{0}\": {1:.4f}, \"{0}_error\": {2:.4f}, \"{0}_low\": {3:.4f}, \"{0}_high\": {4:.4f}, "
      "\"{0}_truth\": {5:.4f}",
      name, effect.estimate, effect.error, effect.low, effect.high, truth);
}

// The lines of one outcome of one demo.
std::string planted(const DemoRun& run, std::uint64_t seed, const char* metric, double Buyer::* spent,
                    const demo::PlantedEffects& truth) {
  std::vector<double> treatment, mediator, outcome;
  for (const Buyer& buyer : run.buyers) {
    if (buyer.arm < 0) continue;
    treatment.push_back(buyer.arm);
    mediator.push_back(buyer.clicks_met);
    outcome.push_back(buyer.*spent);
  }
  const auto got = bench::need(
      mediation::mediate({.treatment = treatment, .mediator = mediator, .outcome = outcome, .covariates = {}}, {}));
  std::string line = fmt::format(
      "{{\"task\": \"planted\", \"outcome\": \"{}\", \"seed\": {}, \"units\": {}, \"control_mean\": {:.4f}, "
      "\"clicks\": {:.4f}, \"clicks_truth\": {:.4f}, \"half\": {}",
      metric, seed, treatment.size(), got.control_mean, got.mediator_change, run.truth.search_clicks,
      got.indirect[1].half_variance_units);
  line += effect_json("direct", got.direct[0], truth.direct_cents / kCentsAUnit);
  line += effect_json("indirect", got.indirect[1], truth.indirect_cents / kCentsAUnit);
  line += effect_json("total", got.total, truth.total_cents / kCentsAUnit);
  return line + "}\n";
}

std::string planted(const DemoRun& run, std::uint64_t seed) {
  return planted(run, seed, "gms", &Buyer::spent_met, run.truth.gms) +
         planted(run, seed, "gms.capped", &Buyer::capped_met, run.truth.capped);
}

// Demos side by side; their lines in the order of seeds. The first is handed back.
DemoRun draw_all(std::uint64_t listings, std::uint64_t events, std::uint64_t seeds, std::size_t threads) {
  DemoRun first;
  std::vector<std::string> lines(seeds);
  std::atomic<std::uint64_t> next = 1;
  {
    std::vector<std::jthread> workers;
    for (std::size_t worker = 0; worker < threads; ++worker) {
      workers.emplace_back([&] {
        for (std::uint64_t seed = next++; seed <= seeds; seed = next++) {
          DemoRun run = draw(listings, events, seed);
          lines[seed - 1] = planted(run, seed);
          if (seed == 1) first = std::move(run);
        }
      });
    }
  }
  for (const std::string& line : lines) std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
  return first;
}

// One half of a split.
struct Half {
  std::vector<double> spent, bought, clicks, before, visits, visit_clicks;
  std::vector<std::uint32_t> owners;  // of visits
};

std::vector<double> linearised(const std::vector<double>& above, const std::vector<double>& below) {
  const double mean_below = mean(below);
  const double ratio = mean(above) / mean_below;
  std::vector<double> out;
  for (std::size_t i = 0; i < above.size(); ++i) out.push_back(ratio + (above[i] - ratio * below[i]) / mean_below);
  return out;
}

Result<Pair> adjusted(const Half& c, const Half& t, estimators::Adjustment how) {
  const std::vector<estimators::ArmData> arms = {{c.clicks, {c.before}}, {t.clicks, {t.before}}};
  const std::vector<std::string> names = {"before"};
  HANDSEL_ASSIGN(const auto values, estimators::adjust(arms, names, how));
  HANDSEL_ASSIGN(Pair pair, estimators::welch_pair(values.values[0], values.values[1]));
  pair.treated_variance += values.extra_variance[1];
  return pair;
}

enum Method : std::size_t { kWelch, kShare, kRatio, kCuped, kLin, kCluster, kAlwaysValid, kPeeking, kMethods };
constexpr std::array<const char*, kMethods> kNames = {"Welch (value of purchases)",
                                                      "z (share of buyers who bought)",
                                                      "delta method (clicks per visit)",
                                                      "CUPED (clicks)",
                                                      "regression (clicks, Lin)",
                                                      "clusters (clicks of a visit, by buyer)",
                                                      "always-valid, looked at every hour (clicks)",
                                                      "fixed interval, looked at every hour (clicks)"};

struct Sums {
  double units = 0, sum = 0, squares = 0;
  void add(double value) { units += 1, sum += value, squares += value * value; }
  double mean() const { return sum / units; }
  double variance_of_mean() const { return (squares - sum * sum / units) / (units - 1) / units; }
};

// Buyers in the order of their arrival; a look at the end of every hour in which anybody came.
void peek(const std::vector<Buyer>& buyers, const std::vector<std::uint8_t>& arms, std::array<bool, kMethods>& alarms) {
  static const double kCritical = normal_quantile(1 - kAlpha / 2);
  const double ratio = estimators::mixture_ratio(static_cast<double>(buyers.size()), kAlpha);
  std::array<Sums, 2> sums;
  for (std::size_t i = 0; i < buyers.size(); ++i) {
    if (buyers[i].hour < 0) continue;
    sums[arms[i]].add(buyers[i].first_clicks);
    const bool is_look = i + 1 == buyers.size() || buyers[i + 1].hour != buyers[i].hour;
    if (!is_look || sums[0].units < 50 || sums[1].units < 50) continue;
    const double error = std::sqrt(sums[0].variance_of_mean() + sums[1].variance_of_mean());
    if (!(error > 0)) continue;
    const double z = std::fabs(sums[1].mean() - sums[0].mean()) / error;
    alarms[kPeeking] = alarms[kPeeking] || z > kCritical;
    alarms[kAlwaysValid] =
        alarms[kAlwaysValid] || z > estimators::always_valid_reach(sums[0].units + sums[1].units, ratio, kAlpha);
  }
}

std::array<bool, kMethods> split(const std::vector<Buyer>& buyers, Rng rng) {
  std::array<Half, 2> halves;
  std::vector<std::uint8_t> arms(buyers.size());
  for (std::size_t i = 0; i < buyers.size(); ++i) {
    const Buyer& buyer = buyers[i];
    arms[i] = rng.chance(0.5) ? 1 : 0;
    if (buyer.hour < 0) continue;  // did not come in the last weeks
    Half& half = halves[arms[i]];
    half.spent.push_back(buyer.spent);
    half.bought.push_back(buyer.bought);
    half.clicks.push_back(buyer.clicks);
    half.before.push_back(buyer.clicks_before);
    half.visits.push_back(static_cast<double>(buyer.visit_clicks.size()));
    for (const double clicks : buyer.visit_clicks) {
      half.visit_clicks.push_back(clicks);
      half.owners.push_back(static_cast<std::uint32_t>(i));
    }
  }
  const auto& [c, t] = halves;
  const estimators::Clustered visits_c{c.visit_clicks, c.owners};
  const estimators::Clustered visits_t{t.visit_clicks, t.owners};
  const std::array<Result<Pair>, kAlwaysValid> pairs = {
      estimators::welch_pair(c.spent, t.spent),
      estimators::proportion_pair(c.bought, t.bought),
      estimators::welch_pair(linearised(c.clicks, c.visits), linearised(t.clicks, t.visits)),
      adjusted(c, t, estimators::Adjustment::kCuped),
      adjusted(c, t, estimators::Adjustment::kRegression),
      estimators::cluster_pair(visits_c, visits_t, buyers.size())};
  std::array<bool, kMethods> alarms{};
  for (std::size_t m = 0; m < pairs.size(); ++m)
    alarms[m] = pairs[m] && estimators::difference_of(*pairs[m], 1 - kAlpha).p < kAlpha;
  peek(buyers, arms, alarms);
  return alarms;
}

void false_alarms(const std::vector<Buyer>& buyers, std::size_t splits, std::size_t threads) {
  std::array<std::atomic<std::size_t>, kMethods> counts{};
  std::atomic<std::size_t> next = 0;
  {
    std::vector<std::jthread> workers;
    for (std::size_t worker = 0; worker < threads; ++worker) {
      workers.emplace_back([&] {
        for (std::size_t i = next++; i < splits; i = next++) {
          const auto alarms = split(buyers, Rng(17).split(i));
          for (std::size_t m = 0; m < kMethods; ++m) counts[m] += alarms[m];
        }
      });
    }
  }
  const auto units = std::ranges::count_if(buyers, [](const Buyer& b) { return b.hour >= 0; });
  for (std::size_t m = 0; m < kMethods; ++m) {
    std::printf("{\"task\": \"a/a\", \"method\": \"%s\", \"splits\": %zu, \"units\": %td, \"share\": %.5f}\n",
                kNames[m], splits, units, static_cast<double>(counts[m]) / static_cast<double>(splits));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const auto listings = static_cast<std::uint64_t>(arguments.number("listings", 20'000));
  const auto events = static_cast<std::uint64_t>(arguments.number("events", 400'000));
  const auto seeds = static_cast<std::uint64_t>(arguments.number("seeds", 1));
  const auto splits = static_cast<std::uint64_t>(arguments.number("splits", 10'000));
  const auto threads = static_cast<std::uint64_t>(std::max(1.0, arguments.number("threads", 2)));
  const DemoRun first = draw_all(listings, events, std::max<std::uint64_t>(1, seeds), threads);
  if (splits > 0) false_alarms(first.buyers, splits, threads);
  return 0;
}

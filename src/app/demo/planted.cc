#include "app/demo/internal/planted.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/demo/internal/world.h"

namespace handsel::demo {
namespace {

assignment::Assignments build(const DemoOptions& options) {
  auto definitions = assignment::parse_definitions(planted_definitions(options), "planted tests");
  HANDSEL_CHECK(definitions);
  auto built = assignment::Assignments::build(std::move(*definitions));
  HANDSEL_CHECK(built);
  return std::move(*built);
}

}  // namespace

std::int64_t planted_begin_ms(const DemoOptions& options) {
  return options.now_ms - std::min(kPlantedMs, options.history_ms);
}

std::string planted_definitions(const DemoOptions& options) {
  // The seed is part of the salts: another demo, another split.
  return fmt::format(R"([[experiment]]
name = "{}"
unit = "user"
targeting = {{ regular = ["no"] }}
salt = "demo-{}"
[[experiment.variant]]
name = "control"
[[experiment.variant]]
name = "v2"
parameters = {{ "home.shelf" = "v2" }}

[[experiment]]
name = "{}"
unit = "user"
targeting = {{ regular = ["no"] }}
salt = "demo-{}-aa"
[[experiment.variant]]
name = "control"
[[experiment.variant]]
name = "same"
)",
                     kPlantedTests[0], options.seed, kPlantedTests[1], options.seed);
}

PlantedTests::PlantedTests(const DemoOptions& options)
    : assignments_(build(options)),
      begin_ms_(planted_begin_ms(options)),
      regulars_(static_cast<std::uint64_t>(kRegularShare * static_cast<double>(options.buyers))),
      has_met_(options.buyers, false) {}

std::optional<PlantedTests::Meeting> PlantedTests::meet(std::uint64_t buyer, std::int64_t now_ms) {
  if (now_ms < begin_ms_ || buyer < regulars_ || has_met_[buyer]) return std::nullopt;
  has_met_[buyer] = true;
  static constexpr std::array<assignment::Attribute, 1> kNewcomer = {{{"regular", "no"}}};
  Meeting meeting;
  const std::string unit = numbered_id('B', buyer);
  for (std::size_t test = 0; test < kPlantedTests.size(); ++test) {
    const assignment::Experiment& experiment = assignments_.definitions().experiments[test];
    meeting.variants[test] = assignments_.assign(experiment, unit, kNewcomer, now_ms)->name;
  }
  meeting.is_treated = meeting.variants[0] != "control";
  return meeting;
}

void PlantedTests::add(const Meeting& meeting, const PotentialVisit& visit) {
  ++units_;
  treated_ += meeting.is_treated ? 1 : 0;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    sums_.gms.shelf_cents[arm] += visit.gms.shelf_cents[arm];
    sums_.gms.search_cents[arm] += visit.gms.search_cents[arm];
    sums_.capped.shelf_cents[arm] += visit.capped.shelf_cents[arm];
    sums_.capped.search_cents[arm] += visit.capped.search_cents[arm];
    sums_.search_clicks[arm] += visit.search_clicks[arm];
  }
}

PlantedTruth PlantedTests::truth() const {
  PlantedTruth truth{.units = units_, .treated = treated_};
  if (units_ == 0) return truth;
  const auto change = [&](const std::array<double, 2>& sums) {
    return (sums[1] - sums[0]) / static_cast<double>(units_);
  };
  // The outcome is the sum of what the shelf and what the searches brought, so neither effect depends on where the
  // other stands: GADE(0) = GADE(1), GACME(0) = GACME(1).
  const auto effects = [&](const PotentialMoney& money) {
    const double direct = change(money.shelf_cents);
    const double indirect = change(money.search_cents);
    return PlantedEffects{.direct_cents = direct, .indirect_cents = indirect, .total_cents = direct + indirect};
  };
  truth.gms = effects(sums_.gms);
  truth.capped = effects(sums_.capped);
  truth.search_clicks = change(sums_.search_clicks);
  return truth;
}

}  // namespace handsel::demo

#include "proof/mediation/simulate.h"

#include "base/core/rng.h"

namespace handsel::mediation {

Simulated simulate(std::size_t units, Errors errors, std::uint64_t seed) {
  Rng rng(seed);
  const auto error = [&] { return errors == Errors::kNormal ? rng.normal() : rng.exponential(1) - 1; };
  Simulated out;
  for (std::size_t i = 0; i < units; ++i) {
    const double t = rng.chance(0.5) ? 1 : 0;
    const double before_mediator = 0.4 * t + error();
    const double before_outcome = -0.3 * t + error();
    const double mediator = 0.3 - 0.5 * t + 0.6 * before_mediator + error();
    const double behind = 0.2 + 0.25 * t + 0.5 * mediator + error();
    out.treatment.push_back(t);
    out.mediator.push_back(mediator);
    out.outcome.push_back(0.5 + 0.2 * t + 0.7 * before_outcome + 0.4 * mediator + 0.3 * behind + 0.15 * t * mediator +
                          error());
  }
  return out;
}

Truth truth_of_simulation() {
  const double mediator_change = -0.5 + 0.6 * 0.4;
  const double slope = 0.4 + 0.3 * 0.5;
  const double direct = 0.2 + 0.7 * -0.3 + 0.3 * 0.25;
  Truth truth{};
  for (std::size_t t = 0; t < 2; ++t) {
    const double mediator = 0.3 + (t == 1 ? mediator_change : 0);
    truth.direct[t] = direct + 0.15 * mediator;
    truth.indirect[t] = mediator_change * (slope + (t == 1 ? 0.15 : 0));
  }
  truth.total = truth.direct[0] + truth.indirect[1];
  return truth;
}

}  // namespace handsel::mediation

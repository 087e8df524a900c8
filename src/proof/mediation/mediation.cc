#include "proof/mediation/mediation.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "base/core/rng.h"
#include "proof/mediation/effect.h"
#include "proof/mediation/equations.h"

namespace handsel::mediation {
namespace {

using estimators::Column;
using estimators::Fit;
using estimators::Influence;

// A quantity and how it changes with each of the parameters.
struct Combination {
  double value = 0;
  std::vector<double> gradient;
};

Combination operator+(const Combination& a, const Combination& b) {
  Combination sum = a;
  sum.value += b.value;
  for (std::size_t i = 0; i < sum.gradient.size(); ++i) sum.gradient[i] += b.gradient[i];
  return sum;
}

// The parameters of the header, by name.
struct Parameters {
  std::size_t covariates;
  bool interaction;
  std::vector<double> values;

  std::size_t mediator_slope() const { return 1; }
  std::size_t mediator_covariate(std::size_t j) const { return 2 + j; }
  std::size_t outcome_first() const { return 2 + covariates; }
  std::size_t direct() const { return outcome_first() + 1; }
  std::size_t slope() const { return outcome_first() + 2; }
  std::size_t product() const { return outcome_first() + 3; }
  std::size_t means_first() const { return outcome_first() + (interaction ? 4 : 3) + covariates; }
  std::size_t arms_first() const { return means_first() + covariates; }
  std::size_t size() const { return arms_first() + 2; }
  double product_value() const { return interaction ? values[product()] : 0; }

  // The mediator's mean under treatment t.
  double mediator_mean(double t) const {
    double sum = values[0] + values[1] * t;
    for (std::size_t j = 0; j < covariates; ++j) sum += values[mediator_covariate(j)] * values[means_first() + j];
    return sum;
  }
};

Combination direct_effect(const Parameters& at, double t) {
  Combination out{.value = at.values[at.direct()], .gradient = std::vector<double>(at.size(), 0.0)};
  out.gradient[at.direct()] = 1;
  if (!at.interaction) return out;
  const double product = at.product_value();
  out.value += product * at.mediator_mean(t);
  out.gradient[at.product()] = at.mediator_mean(t);
  out.gradient[0] = product;
  out.gradient[at.mediator_slope()] = product * t;
  for (std::size_t j = 0; j < at.covariates; ++j) {
    out.gradient[at.mediator_covariate(j)] = product * at.values[at.means_first() + j];
    out.gradient[at.means_first() + j] = product * at.values[at.mediator_covariate(j)];
  }
  return out;
}

Combination indirect_effect(const Parameters& at, double t) {
  const double change = at.values[at.mediator_slope()];
  const double slope = at.values[at.slope()] + at.product_value() * t;
  Combination out{.value = change * slope, .gradient = std::vector<double>(at.size(), 0.0)};
  out.gradient[at.mediator_slope()] = slope;
  out.gradient[at.slope()] = change;
  if (at.interaction) out.gradient[at.product()] = change * t;
  return out;
}

Combination single(const Parameters& at, std::size_t parameter) {
  Combination out{.value = at.values[parameter], .gradient = std::vector<double>(at.size(), 0.0)};
  out.gradient[parameter] = 1;
  return out;
}

std::size_t half_variance_units(const Combination& combination, const Influence& influence,
                                const estimators::Dependence& dependence) {
  if (dependence.kind == estimators::Dependence::Kind::kSeries) return 0;
  const bool has_clusters = dependence.kind == estimators::Dependence::Kind::kClusters;
  std::vector<double> parts;  // of the variance: what each moves the combination, squared
  for (std::size_t unit = 0; unit < influence.units(); ++unit) {
    const std::size_t group = has_clusters ? dependence.clusters[unit] : unit;
    if (group >= parts.size()) parts.resize(group + 1, 0.0);
    const std::span<const double> by_parameter = influence.of(unit);
    for (std::size_t i = 0; i < by_parameter.size(); ++i) parts[group] += combination.gradient[i] * by_parameter[i];
  }
  double left = 0;
  for (double& part : parts) left += part *= part;
  left /= 2;
  const std::size_t most = std::min(kHalfVarianceUnitsMax, parts.size());
  std::ranges::partial_sort(parts, parts.begin() + static_cast<std::ptrdiff_t>(most), std::greater<>());
  for (std::size_t i = 0; i < most; ++i) {
    left -= parts[i];
    if (left <= 0) return i + 1;
  }
  return most;
}

Effect effect_of(const Combination& combination, const Matrix& covariance, double control_mean, double confidence) {
  const double variance = bilinear(combination.gradient, covariance, combination.gradient);
  return effect_from(combination.value, std::sqrt(std::max(0.0, variance)), control_mean, confidence);
}

Result<Parameters> fill(const Input& input, const Options& options, const Equations& equations, Influence* influence) {
  Parameters at{.covariates = input.covariates.size(), .interaction = options.interaction, .values = {}};
  const std::vector<Column> arms = {{"intercept", equations.ones}, {"treatment", input.treatment}};
  HANDSEL_ASSIGN(const Fit difference, estimators::least_squares(arms, input.outcome));
  at.values = equations.mediator.coefficients;
  at.values.insert(at.values.end(), equations.outcome.coefficients.begin(), equations.outcome.coefficients.end());
  for (const Column& covariate : input.covariates) at.values.push_back(mean(covariate.values));
  at.values.insert(at.values.end(), difference.coefficients.begin(), difference.coefficients.end());
  if (influence == nullptr) return at;
  influence->set_fit(0, equations.mediator, equations.mediator_columns, options.scale);
  influence->set_fit(at.outcome_first(), equations.outcome, equations.outcome_columns, options.scale);
  for (std::size_t j = 0; j < at.covariates; ++j) {
    influence->set_mean(at.means_first() + j, input.covariates[j].values, at.values[at.means_first() + j]);
  }
  influence->set_fit(at.arms_first(), difference, arms, options.scale);
  return at;
}

// sqrt(a^2 Var(b) + b^2 Var(a)) with the errors of least squares under equal variances.
double sobel(const Equations& equations) {
  const double a = equations.mediator.coefficients[1];
  const double b = equations.outcome.coefficients[2];
  const double variance_a = equations.mediator.variance() * equations.mediator.inverse_gram(1, 1);
  const double variance_b = equations.outcome.variance() * equations.outcome.inverse_gram(2, 2);
  return std::sqrt(a * a * variance_b + b * b * variance_a);
}

// The effects alone, as the bootstrap needs them: both direct, both indirect, total, difference of the arms.
using Estimates = std::array<double, 6>;

Estimates estimates_at(const Parameters& at) {
  const double d0 = direct_effect(at, 0).value;
  const double i1 = indirect_effect(at, 1).value;
  return {d0, direct_effect(at, 1).value, indirect_effect(at, 0).value, i1, d0 + i1, at.values[at.arms_first() + 1]};
}

// Units by cluster; every unit its own where there are none.
std::vector<std::vector<std::size_t>> groups_of(const Input& input, const estimators::Dependence& dependence) {
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < input.outcome.size(); ++i) {
    const std::size_t group = dependence.kind == estimators::Dependence::Kind::kClusters ? dependence.clusters[i] : i;
    if (group >= groups.size()) groups.resize(group + 1);
    groups[group].push_back(i);
  }
  return groups;
}

std::vector<double> pick(std::span<const double> values, std::span<const std::size_t> units) {
  std::vector<double> out;
  out.reserve(units.size());
  for (const std::size_t unit : units) out.push_back(values[unit]);
  return out;
}

Result<Estimates> estimates_of(const Input& input, const Options& options, std::span<const std::size_t> units) {
  const std::vector<double> treatment = pick(input.treatment, units);
  const std::vector<double> mediator = pick(input.mediator, units);
  const std::vector<double> outcome = pick(input.outcome, units);
  std::vector<std::vector<double>> covariates;
  Input sample{.treatment = treatment, .mediator = mediator, .outcome = outcome, .covariates = {}};
  for (const Column& covariate : input.covariates) covariates.push_back(pick(covariate.values, units));
  for (std::size_t j = 0; j < covariates.size(); ++j)
    sample.covariates.push_back({input.covariates[j].name, covariates[j]});
  HANDSEL_ASSIGN(const Equations equations, fit_equations(sample, options.interaction));
  HANDSEL_ASSIGN(const Parameters at, fill(sample, options, equations, nullptr));
  return estimates_at(at);
}

// A resample that cannot be estimated (an empty arm) is drawn again; too many of them are an error.
Result<void> bootstrap(const Input& input, const Options& options, Mediation& out) {
  const auto groups = groups_of(input, options.dependence);
  const Rng root(options.seed);
  std::array<std::vector<double>, 6> draws;
  std::size_t refused = 0;
  for (std::uint64_t round = 0; draws[0].size() < options.resamples; ++round) {
    Rng rng = root.split(round);
    std::vector<std::size_t> units;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const auto& group = groups[rng.below(groups.size())];
      units.insert(units.end(), group.begin(), group.end());
    }
    const auto estimates = estimates_of(input, options, units);
    if (!estimates && ++refused > options.resamples) return std::unexpected(estimates.error());
    if (!estimates) continue;
    for (std::size_t e = 0; e < draws.size(); ++e) draws[e].push_back((*estimates)[e]);
  }
  const std::array<Effect*, 6> effects = {&out.direct[0],   &out.direct[1], &out.indirect[0],
                                          &out.indirect[1], &out.total,     &out.arm_difference};
  const double outside = (1 - options.confidence) / 2;
  for (std::size_t e = 0; e < effects.size(); ++e) {
    std::ranges::sort(draws[e]);
    effects[e]->bootstrap = Interval{effects[e]->estimate, quantile_of_sorted(draws[e], outside),
                                     quantile_of_sorted(draws[e], 1 - outside)};
  }
  return {};
}

Result<void> check(const Options& options) {
  if (!(options.confidence > 0 && options.confidence < 1)) {
    return fail(Code::kInvalidArgument, "a confidence of {} is not between 0 and 1", options.confidence);
  }
  if (options.resamples > kBootstrapMax) {
    return fail(Code::kInvalidArgument, "{} resamples; the most are {}", options.resamples, kBootstrapMax);
  }
  return {};
}

constexpr std::array<std::string_view, 5> kGeneralised = {
    "Treatment was assigned at random, and every unit got what it was assigned.",
    "Units do not influence each other: what one is shown changes nothing for another.",
    "Among units of one arm with the same covariates, nothing unmeasured moves both the mediator and the outcome. "
    "Other mediators may exist unmeasured, before this one or behind it, as long as that holds. It cannot be tested: "
    "read the range of sensitivity.",
    "Outcome and mediator answer in straight lines; the treatment may change the slope of the mediator.",
    "Other mediators do not change the slope of this one."};
constexpr std::array<std::string_view, 5> kClassical = {
    "Treatment was assigned at random, and every unit got what it was assigned.",
    "Units do not influence each other: what one is shown changes nothing for another.",
    "Among units of one arm with the same covariates, nothing unmeasured moves both the mediator and the outcome. It "
    "cannot be tested: read the range of sensitivity.",
    "There is no other mediator that this one depends on or acts through.",
    "Outcome and mediator answer in straight lines, and the treatment does not change the slope of the mediator."};

}  // namespace

Result<Mediation> mediate(const Input& input, const Options& options) {
  HANDSEL_TRY(check(options));
  HANDSEL_ASSIGN(const Equations equations, fit_equations(input, options.interaction));
  const std::size_t covariates = input.covariates.size();
  Influence influence(input.outcome.size(), equations.size() + covariates + 2);
  HANDSEL_ASSIGN(Parameters at, fill(input, options, equations, &influence));

  Mediation out{.units = input.outcome.size()};
  out.treated = static_cast<std::size_t>(std::ranges::count(input.treatment, 1.0));
  out.control_mean = at.values[at.arms_first()];
  out.mediator_control = at.mediator_mean(0);
  out.mediator_change = at.values[at.mediator_slope()];
  HANDSEL_ASSIGN(out.covariance, estimators::covariance(influence, options.dependence));
  const auto effect = [&](const Combination& combination) {
    Effect made = effect_of(combination, out.covariance, out.control_mean, options.confidence);
    made.half_variance_units = half_variance_units(combination, influence, options.dependence);
    return made;
  };
  out.mediator_change_p = effect(single(at, at.mediator_slope())).p;
  for (std::size_t t = 0; t < 2; ++t) {
    out.direct[t] = effect(direct_effect(at, static_cast<double>(t)));
    out.indirect[t] = effect(indirect_effect(at, static_cast<double>(t)));
  }
  out.total = effect(direct_effect(at, 0) + indirect_effect(at, 1));
  out.arm_difference = effect(single(at, at.arms_first() + 1));
  out.identity_gap =
      (out.direct[0].estimate + out.indirect[1].estimate) - (out.direct[1].estimate + out.indirect[0].estimate);
  const double indirect_mean = (out.indirect[0].estimate + out.indirect[1].estimate) / 2;
  out.share = out.total.estimate != 0 ? indirect_mean / out.total.estimate : std::numeric_limits<double>::quiet_NaN();
  if (!options.interaction) out.sobel_error = sobel(equations);
  if (options.resamples > 0) HANDSEL_TRY(bootstrap(input, options, out));
  out.parameters = std::move(at.values);
  return out;
}

std::span<const std::string_view> assumptions(bool interaction) {
  return interaction ? std::span<const std::string_view>(kGeneralised) : std::span<const std::string_view>(kClassical);
}

}  // namespace handsel::mediation

#include "proof/assignment/experiment.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "base/core/hash.h"

namespace handsel::assignment {
namespace {

// Of one parameter: each is compared with each.
constexpr std::size_t kSettersMax = 200;

// A share of all hashes, as the hash that ends it.
std::uint64_t bound_of(double share) {
  if (share >= 1) return ~std::uint64_t{0};
  return share <= 0 ? 0 : static_cast<std::uint64_t>(std::ldexp(share, 64));
}

bool is_below(std::uint64_t hash, double share) {
  return share >= 1 || hash < bound_of(share);
}

bool is_share(double value) {
  return value >= 0 && value <= 1;
}

std::string layer_of(const Experiment& experiment) {
  // A layer of its own cannot be called what a layer of the file is called.
  return experiment.layer.empty() ? "\x1f" + experiment.name : experiment.layer;
}

Result<void> check_variants(const Experiment& e) {
  if (e.variants.empty() || e.variants.size() > kVariantsMax) {
    return fail(Code::kInvalidData, "experiment '{}' has {} variants; between 1 and {} are possible", e.name,
                e.variants.size(), kVariantsMax);
  }
  std::set<std::string> names;
  double sum = 0;
  for (const Variant& variant : e.variants) {
    if (variant.name.empty()) return fail(Code::kInvalidData, "experiment '{}': a variant has no name", e.name);
    if (!names.insert(variant.name).second) {
      return fail(Code::kInvalidData, "experiment '{}': two variants are called '{}'", e.name, variant.name);
    }
    if (!(variant.weight >= 0) || std::isinf(variant.weight)) {
      return fail(Code::kInvalidData, "experiment '{}', variant '{}': a weight of {}", e.name, variant.name,
                  variant.weight);
    }
    sum += variant.weight;
  }
  if (!(sum > 0) || std::isinf(sum))
    return fail(Code::kInvalidData, "experiment '{}': the weights sum to {}", e.name, sum);
  return {};
}

Result<void> check_times(const Experiment& e) {
  if (e.ramp.size() > kRampStepsMax)
    return fail(Code::kInvalidData, "experiment '{}': over {} steps", e.name, kRampStepsMax);
  for (std::size_t i = 0; i < e.ramp.size(); ++i) {
    if (!is_share(e.ramp[i].share)) {
      return fail(Code::kInvalidData, "experiment '{}': a ramp's share of {} is not between 0 and 1", e.name,
                  e.ramp[i].share);
    }
    if (i > 0 && e.ramp[i].from_ms <= e.ramp[i - 1].from_ms) {
      return fail(Code::kInvalidData, "experiment '{}': the ramp's steps are not in order of time", e.name);
    }
  }
  if (e.switchback && (e.switchback->block_ms <= 0 || e.switchback->washout_ms < 0 ||
                       e.switchback->washout_ms >= e.switchback->block_ms)) {
    return fail(Code::kInvalidData, "experiment '{}': blocks of {} ms with a washout of {} ms leave nothing", e.name,
                e.switchback->block_ms, e.switchback->washout_ms);
  }
  return {};
}

Result<void> check_experiment(const Experiment& e) {
  if (e.name.empty()) return fail(Code::kInvalidData, "an experiment has no name");
  if (!is_share(e.from) || !is_share(e.to) || e.from >= e.to) {
    return fail(Code::kInvalidData, "experiment '{}': a slice from {} to {}", e.name, e.from, e.to);
  }
  if (e.conditions.size() > kConditionsMax) {
    return fail(Code::kInvalidData, "experiment '{}': over {} conditions", e.name, kConditionsMax);
  }
  HANDSEL_TRY(check_variants(e));
  return check_times(e);
}

// In each layer, slices may touch and not overlap; one layer has one kind of unit.
Result<void> check_layers(const std::vector<Experiment>& experiments) {
  std::vector<const Experiment*> running;
  for (const Experiment& e : experiments)
    if (e.is_running && !e.layer.empty()) running.push_back(&e);
  std::ranges::sort(running, {}, [](const Experiment* e) { return std::tie(e->layer, e->from); });
  for (std::size_t i = 1; i < running.size(); ++i) {
    const Experiment& a = *running[i - 1];
    const Experiment& b = *running[i];
    if (a.layer != b.layer) continue;
    if (a.to > b.from) {
      return fail(Code::kInvalidData, "experiments '{}' and '{}' overlap in layer '{}': {} to {} and {} to {}", a.name,
                  b.name, a.layer, a.from, a.to, b.from, b.to);
    }
    // A block of time and a visitor have slots of their own: the slices would not exclude each other.
    if (a.unit != b.unit || a.switchback.has_value() != b.switchback.has_value() ||
        (a.switchback && a.switchback->block_ms != b.switchback->block_ms)) {
      return fail(Code::kInvalidData, "experiments '{}' and '{}' share layer '{}', but not the unit", a.name, b.name,
                  a.layer);
    }
  }
  return {};
}

// Whether no request is a target of both.
bool exclude_each_other(const Experiment& a, const Experiment& b) {
  if (!a.layer.empty() && a.layer == b.layer) return true;  // slices of one layer do not overlap
  return std::ranges::any_of(a.conditions, [&](const Condition& one) {
    return std::ranges::any_of(b.conditions, [&](const Condition& other) {
      return one.attribute == other.attribute && std::ranges::none_of(one.values, [&](const std::string& value) {
               return std::ranges::find(other.values, value) != other.values.end();
             });
    });
  });
}

// No parameter is set by two experiments that could have the same unit.
Result<void> check_parameters(const std::vector<Experiment>& experiments) {
  std::map<std::string_view, std::vector<const Experiment*>> setters;
  for (const Experiment& e : experiments) {
    if (!e.is_running) continue;
    for (const Variant& variant : e.variants) {
      for (const auto& [name, value] : variant.parameters) {
        std::vector<const Experiment*>& known = setters[name];
        if (!known.empty() && known.back() == &e) continue;
        for (const Experiment* other : known) {
          if (exclude_each_other(*other, e)) continue;
          return fail(Code::kInvalidData,
                      "experiments '{}' and '{}' both set '{}' and could have the same unit; put them into one layer, "
                      "each with a slice of its own",
                      other->name, e.name, name);
        }
        if (known.size() >= kSettersMax) {
          return fail(Code::kTooLarge, "over {} experiments set '{}' at once", kSettersMax, name);
        }
        known.push_back(&e);
      }
    }
  }
  return {};
}

Result<void> check(const Definitions& definitions) {
  if (!is_share(definitions.holdout)) return fail(Code::kInvalidData, "a holdout of {}", definitions.holdout);
  if (definitions.experiments.size() > kExperimentsMax) {
    return fail(Code::kTooLarge, "{} experiments; the most are {}", definitions.experiments.size(), kExperimentsMax);
  }
  std::set<std::string> names;
  for (const Experiment& e : definitions.experiments) {
    HANDSEL_TRY(check_experiment(e));
    if (!names.insert(e.name).second) return fail(Code::kInvalidData, "two experiments are called '{}'", e.name);
  }
  HANDSEL_TRY(check_layers(definitions.experiments));
  return check_parameters(definitions.experiments);
}

bool is_targeted(const Experiment& experiment, std::span<const Attribute> attributes) {
  return std::ranges::all_of(experiment.conditions, [&](const Condition& condition) {
    return std::ranges::any_of(attributes, [&](const Attribute& attribute) {
      return attribute.name == condition.attribute &&
             std::ranges::find(condition.values, attribute.value) != condition.values.end();
    });
  });
}

double share_at(const std::vector<RampStep>& ramp, std::int64_t now_ms) {
  if (ramp.empty()) return 1;
  double share = 0;
  for (const RampStep& step : ramp) {
    if (step.from_ms > now_ms) break;
    share = step.share;
  }
  return share;
}

}  // namespace

Result<Assignments> Assignments::build(Definitions definitions) {
  HANDSEL_TRY(check(definitions));
  Assignments out;
  out.holdout_seed_ = hash64(definitions.holdout_salt, 1);
  for (const Experiment& e : definitions.experiments) {
    const std::string& salt = e.salt.empty() ? e.name : e.salt;
    Compiled compiled{
        .layer_seed = hash64(layer_of(e), 2), .ramp_seed = hash64(salt, 3), .variant_seed = hash64(salt, 4)};
    double sum = 0;
    for (const Variant& variant : e.variants) sum += variant.weight;
    double so_far = 0;
    for (const Variant& variant : e.variants) {
      so_far += variant.weight;
      compiled.bounds.push_back(bound_of(so_far / sum));
    }
    out.compiled_.push_back(std::move(compiled));
  }
  out.definitions_ = std::move(definitions);
  return out;
}

std::string_view gate_words(Gate gate) {
  switch (gate) {
    case Gate::kStopped:
      return "not running";
    case Gate::kNotTargeted:
      return "not targeted";
    case Gate::kHoldout:
      return "in the holdout";
    case Gate::kOtherSlice:
      return "in another slice of the layer";
    case Gate::kNotRampedUp:
      return "not let in yet by the ramp";
    case Gate::kNone:
      break;
  }
  return "";
}

const Experiment* Assignments::find(std::string_view experiment) const {
  const auto found = std::ranges::find(definitions_.experiments, experiment, &Experiment::name);
  return found == definitions_.experiments.end() ? nullptr : &*found;
}

Assignments::Decision Assignments::decide(const Experiment& experiment, std::string_view unit,
                                          std::span<const Attribute> attributes, std::int64_t now_ms) const {
  const auto index = static_cast<std::size_t>(&experiment - definitions_.experiments.data());
  HANDSEL_CHECK(index < compiled_.size());
  const Compiled& compiled = compiled_[index];
  if (!experiment.is_running) return {.gate = Gate::kStopped};
  if (!is_targeted(experiment, attributes)) return {.gate = Gate::kNotTargeted};
  if (definitions_.holdout > 0 && is_below(hash64(unit, holdout_seed_), definitions_.holdout)) {
    return {.gate = Gate::kHoldout};
  }
  if (experiment.from > 0 || experiment.to < 1) {
    const std::uint64_t slot = hash64(unit, compiled.layer_seed);
    if (!is_below(slot, experiment.to) || is_below(slot, experiment.from)) return {.gate = Gate::kOtherSlice};
  }
  const double share = share_at(experiment.ramp, now_ms);
  if (share < 1 && !is_below(hash64(unit, compiled.ramp_seed), share)) return {.gate = Gate::kNotRampedUp};
  const std::uint64_t draw = hash64(unit, compiled.variant_seed);
  for (std::size_t v = 0; v + 1 < compiled.bounds.size(); ++v)
    if (draw < compiled.bounds[v]) return {.variant = &experiment.variants[v]};
  // The last that has weight: rounding may leave a little behind the last bound.
  for (std::size_t v = experiment.variants.size(); v-- > 0;)
    if (experiment.variants[v].weight > 0) return {.variant = &experiment.variants[v]};
  return {};
}

std::int64_t block_number(const Switchback& switchback, std::int64_t now_ms) {
  const std::int64_t block = now_ms / switchback.block_ms;
  return now_ms % switchback.block_ms < 0 ? block - 1 : block;
}

std::optional<std::int64_t> block_of(const Switchback& switchback, std::int64_t now_ms) {
  const std::int64_t block = block_number(switchback, now_ms);
  if (now_ms - block * switchback.block_ms < switchback.washout_ms) return std::nullopt;
  return block;
}

}  // namespace handsel::assignment

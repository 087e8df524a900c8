// What experiments there are, and which unit gets what: one file of definitions, and a function of it.
//
// A unit is a name (a visitor, a shop, a query, a block of time). Its variant is a function of the salts, its name and
// nothing else: no storage, the same answer on every machine, for ever (base/core/hash.h never changes). Independent
// 64-bit hashes decide, one after the other:
//   holdout   is the unit kept out of all experiments?          salt of the file
//   layer     which slice of its layer is it in?                salt of the layer: experiments of one layer own slices
//             that do not overlap, so a unit is in at most one of them; layers are independent of each other
//   ramp      is it among the share that is let in by now?      salt of the experiment and "ramp": a growing ramp only
//             adds units and moves nobody
//   variant   which one?                                        salt of the experiment
// Targeting looks at attributes of the request before that. A time-block experiment (switchback) names units by block:
// block_of() gives the block of a moment, or nothing within the washout at a block's start.
//
// Two experiments that run at once and could both give one unit a value for the same parameter are refused, with both
// names: whose value counted would be an accident. In one layer they can take turns.
//
// Assignments are immutable once built: any thread. assign() allocates nothing; its cost is four hashes of the name.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"

namespace handsel::assignment {

inline constexpr std::size_t kExperimentsMax = 10'000;
inline constexpr std::size_t kVariantsMax = 20;
inline constexpr std::size_t kConditionsMax = 50;
inline constexpr std::size_t kRampStepsMax = 100;
inline constexpr std::size_t kDefinitionBytesMax = std::size_t{4} << 20;

struct Variant {
  std::string name;
  double weight = 1;
  // What the pipelines are told: values, not names of experiments.
  std::map<std::string, std::string, std::less<>> parameters;
};

// Holds where the attribute has one of the values.
struct Condition {
  std::string attribute;
  std::vector<std::string> values;
};

struct RampStep {
  std::int64_t from_ms = 0;  // since 1970
  double share = 1;          // of the units, from then on
};

struct Switchback {
  std::int64_t block_ms = 0;
  std::int64_t washout_ms = 0;  // at the start of a block, what is seen still stems from the block before
};

struct Experiment {
  std::string name;
  std::string unit = "visitor";
  std::string layer;  // empty: a layer of its own
  std::string salt;   // empty: the name
  double from = 0;    // the slice of the layer, [from, to)
  double to = 1;
  bool is_running = true;
  std::vector<Variant> variants;  // the first is the control
  std::vector<Condition> conditions;
  std::vector<RampStep> ramp;  // growing in time; empty: everybody
  std::optional<Switchback> switchback;
};

struct Definitions {
  double holdout = 0;  // share of units in no experiment
  std::string holdout_salt = "holdout";
  std::vector<Experiment> experiments;
};

// TOML:
//   holdout = 0.05
//   [[experiment]]
//   name = "gift-rail"                 unit = "visitor"       layer = "home"     slice = [0.0, 0.5]    salt = "2026-11"
//   targeting = { country = ["de", "at"] }
//   ramp = [ { from = 2026-11-02T00:00:00Z, share = 0.1 }, { from = 2026-11-09T00:00:00Z, share = 1.0 } ]
//   switchback = { block_minutes = 60, washout_minutes = 5 }
//   [[experiment.variant]]
//   name = "control"
//   [[experiment.variant]]
//   name = "rail"                      weight = 1.0           parameters = { "home.rail" = "gifts" }
// kInvalidData names the line, or the experiment and the key, and says what is wrong; unknown keys are wrong.
Result<Definitions> parse_definitions(std::string_view toml, std::string_view file_name);

struct Attribute {
  std::string_view name;
  std::string_view value;
};

// Where a unit came to a stop on its way to a variant, in the order in which they are passed.
enum class Gate : std::uint8_t { kNone, kStopped, kNotTargeted, kHoldout, kOtherSlice, kNotRampedUp };
// "not running", "in the holdout", ...
std::string_view gate_words(Gate gate);

class Assignments {
 public:
  // kInvalidData: what parse_definitions() would refuse (definitions may come from elsewhere).
  static Result<Assignments> build(Definitions definitions);

  const Definitions& definitions() const { return definitions_; }
  // Null where there is none.
  const Experiment* find(std::string_view experiment) const;

  // The variant of a unit at a moment; null where it is in no variant: not running, kept out, not targeted, in another
  // slice, not ramped up yet. The unit's name may be anything, an empty one too.
  const Variant* assign(const Experiment& experiment, std::string_view unit, std::span<const Attribute> attributes,
                        std::int64_t now_ms) const {
    return decide(experiment, unit, attributes, now_ms).variant;
  }
  struct Decision {
    const Variant* variant = nullptr;
    Gate gate = Gate::kNone;  // where there is no variant
  };
  Decision decide(const Experiment& experiment, std::string_view unit, std::span<const Attribute> attributes,
                  std::int64_t now_ms) const;

 private:
  struct Compiled {
    std::uint64_t layer_seed = 0;
    std::uint64_t ramp_seed = 0;
    std::uint64_t variant_seed = 0;
    std::vector<std::uint64_t> bounds;  // of the variants' hashes, the last open
  };
  Definitions definitions_;
  std::uint64_t holdout_seed_ = 0;
  std::vector<Compiled> compiled_;  // as definitions_.experiments
};

// The number of the block of time that a moment lies in; nothing within the washout. Moments before 1970 count down.
std::optional<std::int64_t> block_of(const Switchback& switchback, std::int64_t now_ms);
// The same, within the washout too.
std::int64_t block_number(const Switchback& switchback, std::int64_t now_ms);

}  // namespace handsel::assignment

// The definition file. The only place of this room that sees toml++.
#include <algorithm>
#include <chrono>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "base/core/ascii_toml.h"
#include "base/core/toml_reader.h"
#include "proof/assignment/experiment.h"

namespace handsel::assignment {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kMinutesMax = 60 * 24 * 366;

// Milliseconds since 1970; a date without an offset is taken for UTC.
std::int64_t milliseconds_of(const toml::date_time& moment) {
  const std::chrono::year_month_day date{std::chrono::year{moment.date.year}, std::chrono::month{moment.date.month},
                                         std::chrono::day{moment.date.day}};
  const auto days = std::chrono::sys_days{date}.time_since_epoch();
  std::int64_t ms = std::chrono::duration_cast<std::chrono::milliseconds>(days).count();
  ms += ((std::int64_t{moment.time.hour} * 60 + moment.time.minute) * 60 + moment.time.second) * 1000;
  ms += moment.time.nanosecond / 1'000'000;
  if (moment.offset) ms -= std::int64_t{moment.offset->minutes} * kMinuteMs;
  return ms;
}

class Reader : TomlReader {
 public:
  using TomlReader::TomlReader;

  Result<Definitions> read(const toml::table& document) {
    Definitions out;
    for (const auto& [raw_key, node] : document) {
      const std::string key = from_ascii_toml(raw_key.str());
      if (key == "holdout") {
        HANDSEL_ASSIGN(out.holdout, number(node, key));
      } else if (key == "holdout_salt") {
        HANDSEL_ASSIGN(out.holdout_salt, text(node, key));
      } else if (key == "experiment") {
        HANDSEL_TRY(read_experiments(node, out));
      } else {
        return wrong(node, key, "is not known; expected holdout, holdout_salt, [[experiment]]");
      }
    }
    return out;
  }

 private:
  Result<const toml::array*> array(const toml::node& node, std::string_view key, std::size_t size_max) const {
    const toml::array* values = node.as_array();
    if (values == nullptr) return wrong(node, key, "must be a list");
    if (values->size() > size_max) return wrong(node, key, fmt::format("has over {} entries", size_max));
    return values;
  }

  Result<void> read_experiments(const toml::node& node, Definitions& out) const {
    HANDSEL_ASSIGN(const toml::array* list, array(node, "experiment", kExperimentsMax));
    for (const toml::node& entry : *list) {
      const toml::table* table = entry.as_table();
      if (table == nullptr) return wrong(entry, "experiment", "must be a table, as in [[experiment]]");
      Experiment experiment;
      for (const auto& [raw_key, value] : *table)
        HANDSEL_TRY(read_key(from_ascii_toml(raw_key.str()), value, experiment));
      out.experiments.push_back(std::move(experiment));
    }
    return {};
  }

  Result<void> read_key(const std::string& key, const toml::node& node, Experiment& to) const {
    const auto set_text = [&](std::string& target) -> Result<void> {
      HANDSEL_ASSIGN(target, text(node, key));
      return {};
    };
    if (key == "name") return set_text(to.name);
    if (key == "unit") return set_text(to.unit);
    if (key == "layer") return set_text(to.layer);
    if (key == "salt") return set_text(to.salt);
    if (key == "running") {
      HANDSEL_ASSIGN(to.is_running, boolean(node, key));
      return {};
    }
    if (key == "slice") return read_slice(node, to);
    if (key == "targeting") return read_targeting(node, to);
    if (key == "ramp") return read_ramp(node, to);
    if (key == "switchback") return read_switchback(node, to);
    if (key == "variant") return read_variants(node, to);
    return wrong(node, key,
                 "is not known; expected name, unit, layer, salt, running, slice, targeting, ramp, switchback, "
                 "[[experiment.variant]]");
  }

  Result<void> read_slice(const toml::node& node, Experiment& to) const {
    HANDSEL_ASSIGN(const toml::array* bounds, array(node, "slice", 2));
    if (bounds->size() != 2) return wrong(node, "slice", "must be two numbers, as in [0.0, 0.5]");
    HANDSEL_ASSIGN(to.from, number(*bounds->get(0), "slice"));
    HANDSEL_ASSIGN(to.to, number(*bounds->get(1), "slice"));
    return {};
  }

  Result<void> read_targeting(const toml::node& node, Experiment& to) const {
    const toml::table* table = node.as_table();
    if (table == nullptr) return wrong(node, "targeting", "must be a table, as in { country = [\"de\"] }");
    for (const auto& [raw_key, values] : *table) {
      Condition condition{.attribute = from_ascii_toml(raw_key.str()), .values = {}};
      HANDSEL_ASSIGN(const toml::array* list, array(values, condition.attribute, 10'000));
      for (const toml::node& value : *list) {
        HANDSEL_ASSIGN(std::string word, text(value, condition.attribute));
        condition.values.push_back(std::move(word));
      }
      to.conditions.push_back(std::move(condition));
    }
    return {};
  }

  Result<void> read_ramp(const toml::node& node, Experiment& to) const {
    HANDSEL_ASSIGN(const toml::array* steps, array(node, "ramp", kRampStepsMax));
    for (const toml::node& entry : *steps) {
      const toml::table* table = entry.as_table();
      const toml::node* from = table == nullptr ? nullptr : table->get("from");
      const toml::node* share = table == nullptr ? nullptr : table->get("share");
      if (from == nullptr || share == nullptr || table->size() != 2 || !from->is_date_time()) {
        return wrong(entry, "ramp", "needs a time and a share, as in { from = 2026-11-02T00:00:00Z, share = 0.1 }");
      }
      RampStep step{.from_ms = milliseconds_of(from->as_date_time()->get())};
      HANDSEL_ASSIGN(step.share, number(*share, "share"));
      to.ramp.push_back(step);
    }
    return {};
  }

  Result<std::int64_t> minutes(const toml::table& table, std::string_view key, const toml::node& at) const {
    const toml::node* node = table.get(key);
    const std::optional<std::int64_t> value = node == nullptr ? std::nullopt : node->value_exact<std::int64_t>();
    if (!value || *value < 0 || *value > kMinutesMax) {
      return wrong(at, key, fmt::format("must be a whole number up to {}", kMinutesMax));
    }
    return *value * kMinuteMs;
  }

  Result<void> read_switchback(const toml::node& node, Experiment& to) const {
    const toml::table* table = node.as_table();
    if (table == nullptr || table->size() != 2) {
      return wrong(node, "switchback", "must be as in { block_minutes = 60, washout_minutes = 5 }");
    }
    Switchback switchback;
    HANDSEL_ASSIGN(switchback.block_ms, minutes(*table, "block_minutes", node));
    HANDSEL_ASSIGN(switchback.washout_ms, minutes(*table, "washout_minutes", node));
    to.switchback = switchback;
    return {};
  }

  Result<void> read_variants(const toml::node& node, Experiment& to) const {
    HANDSEL_ASSIGN(const toml::array* list, array(node, "variant", kVariantsMax));
    for (const toml::node& entry : *list) {
      const toml::table* table = entry.as_table();
      if (table == nullptr) return wrong(entry, "variant", "must be a table, as in [[experiment.variant]]");
      Variant variant;
      for (const auto& [raw_key, value] : *table) {
        const std::string key = from_ascii_toml(raw_key.str());
        if (key == "name") {
          HANDSEL_ASSIGN(variant.name, text(value, key));
        } else if (key == "weight") {
          HANDSEL_ASSIGN(variant.weight, number(value, key));
        } else if (key == "parameters") {
          HANDSEL_TRY(read_parameters(value, variant));
        } else {
          return wrong(value, key, "is not known; expected name, weight, parameters");
        }
      }
      to.variants.push_back(std::move(variant));
    }
    return {};
  }

  Result<void> read_parameters(const toml::node& node, Variant& to) const {
    const toml::table* table = node.as_table();
    if (table == nullptr) return wrong(node, "parameters", "must be a table, as in { \"home.rail\" = \"gifts\" }");
    for (const auto& [raw_key, value] : *table) {
      const std::string key = from_ascii_toml(raw_key.str());
      if (const auto words = value.value_exact<std::string>()) {
        to.parameters[key] = from_ascii_toml(*words);
      } else if (const auto flag = value.value_exact<bool>()) {
        to.parameters[key] = *flag ? "true" : "false";
      } else if (const auto whole = value.value_exact<std::int64_t>()) {
        to.parameters[key] = fmt::format("{}", *whole);
      } else if (const auto real = value.value_exact<double>()) {
        to.parameters[key] = fmt::format("{}", *real);
      } else {
        return wrong(value, key, "must be a string, a number, true or false");
      }
    }
    return {};
  }
};

}  // namespace

Result<Definitions> parse_definitions(std::string_view toml, std::string_view file_name) {
  HANDSEL_ASSIGN(const std::string ascii, checked_ascii_toml(toml, file_name, kDefinitionBytesMax));
  const toml::parse_result document = toml::parse(ascii, file_name);
  if (!document) return TomlReader(file_name).wrong_toml(document.error());
  HANDSEL_ASSIGN(Definitions definitions, Reader(file_name).read(document.table()));
  auto checked = Assignments::build(definitions);
  if (!checked) return fail(checked.error().code, "{}: {}", file_name, checked.error().message);
  return definitions;
}

}  // namespace handsel::assignment

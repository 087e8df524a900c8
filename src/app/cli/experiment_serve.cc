// handsel experiment check, assign: what the definitions of experiments say, before and while they are served. They
// only read the file and, for assign, what the log has of decisions, so a server may be running on the folder.
#include <algorithm>
#include <cmath>
#include <map>

#include "app/cli/commands.h"
#include "app/cli/open_log.h"
#include "app/cli/table.h"
#include "app/engine/decided_experiments.h"
#include "app/engine/experiments_source.h"
#include "facts/catalog/import/json_writer.h"

namespace handsel::cli {
namespace {

using assignment::Experiment;
using assignment::Variant;
using catalog::JsonObjectWriter;

constexpr int kPictureWidth = 24;

// Where in its layer an experiment lies: "[######..................]".
std::string picture(const Experiment& experiment) {
  const auto place = [](double share) { return static_cast<int>(std::lround(share * kPictureWidth)); };
  const int from = std::min(place(experiment.from), kPictureWidth - 1);
  const int to = std::max(place(experiment.to), from + 1);  // however thin, it is seen
  std::string out = "[" + std::string(kPictureWidth, '.') + "]";
  for (int i = from; i < to; ++i) out[static_cast<std::size_t>(i) + 1] = experiment.is_running ? '#' : '-';
  return out;
}

double share_now(const Experiment& experiment, std::int64_t now_ms) {
  double share = experiment.ramp.empty() ? 1 : 0;
  for (const assignment::RampStep& step : experiment.ramp) {
    if (step.from_ms <= now_ms) share = step.share;
  }
  return share;
}

std::string unit_text(const Experiment& experiment) {
  if (!experiment.switchback) return experiment.unit;
  return fmt::format("block of {} min, {} off", experiment.switchback->block_ms / 60'000,
                     experiment.switchback->washout_ms / 60'000);
}

std::string variants_text(const Experiment& experiment) {
  double sum = 0;
  for (const Variant& variant : experiment.variants) sum += variant.weight;
  std::string out;
  for (const Variant& variant : experiment.variants) {
    out += fmt::format("{}{} {:.3g} %", out.empty() ? "" : ", ", variant.name, 100 * variant.weight / sum);
  }
  return out;
}

std::string parameters_text(const Variant& variant) {
  std::string out;
  for (const auto& [name, value] : variant.parameters) {
    out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", name, value);
  }
  return out;
}

std::string definitions_text(const Experiments& experiments, std::int64_t now_ms) {
  Table table({{.title = "layer", .width_max = 24},
               {.title = "slice"},
               {.title = "experiment", .width_max = 40},
               {.title = "of units", .right = true},
               {.title = "unit", .width_max = 30},
               {.title = "variants", .width_max = 80}});
  std::vector<const Experiment*> sorted;
  for (const Experiment& experiment : experiments.all()) sorted.push_back(&experiment);
  std::ranges::stable_sort(sorted, {}, [](const Experiment* e) { return std::pair(e->layer, e->from); });
  for (const Experiment* e : sorted) {
    const double share = e->is_running ? (e->to - e->from) * share_now(*e, now_ms) : 0;
    table.row({e->layer.empty() ? "(its own)" : e->layer, picture(*e), e->name, fmt::format("{:.3g} %", 100 * share),
               unit_text(*e), variants_text(*e)});
  }
  const double holdout = experiments.assignments().definitions().holdout;
  return table.text() + (holdout > 0 ? fmt::format("\n{:.3g} % of units are held out of all of them\n", 100 * holdout)
                                     : std::string());
}

std::string definitions_json(const Experiments& experiments, std::int64_t now_ms) {
  std::string out = "{\"experiments\":[";
  for (const Experiment& e : experiments.all()) {
    if (out.back() == '}') out.push_back(',');
    JsonObjectWriter object(out);
    object.text("name", e.name);
    object.text_if_any("layer", e.layer);
    object.text("unit", e.unit);
    object.truth("running", e.is_running);
    object.number("from", e.from);
    object.number("to", e.to);
    object.number("share_now", share_now(e, now_ms));
  }
  return out + fmt::format("],\"holdout\":{}}}\n", experiments.assignments().definitions().holdout);
}

Result<int> check(const std::string& file, Context& context) {
  HANDSEL_ASSIGN(const std::string text, context.process.files.read_file(file));
  HANDSEL_ASSIGN(const Experiments experiments, Experiments::parse(text, file));
  const std::int64_t now_ms = context.process.clock.now_ms();
  if (context.json) {
    context.print(definitions_json(experiments, now_ms));
  } else {
    context.print(experiments.all().empty() ? "there are no experiments in it\n"
                                            : definitions_text(experiments, now_ms));
  }
  return 0;
}

struct AssignFlags {
  std::string unit;
  std::vector<std::string> attributes;
};

Result<std::map<std::string, std::string>> parse_attributes(const std::vector<std::string>& words) {
  std::map<std::string, std::string> attributes;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      return fail(Code::kInvalidArgument, "--attributes: expected NAME=VALUE, found '{}'", word);
    }
    const std::string name = word.substr(0, equals);
    attributes[name] = attribute_value(name, word.substr(equals + 1));
  }
  return attributes;
}

struct Row {
  const Experiment* experiment = nullptr;
  const Variant* variant = nullptr;  // null: none
  std::string why;
};

// The one name stands for every kind of unit.
std::vector<Row> rows_of(const Experiments& experiments, const std::string& unit,
                         const std::map<std::string, std::string>& named, std::int64_t now_ms) {
  std::vector<assignment::Attribute> attributes;
  for (const auto& [name, value] : named) attributes.push_back({name, value});
  std::map<std::string, std::string, std::less<>> units;
  for (const Experiment& experiment : experiments.all()) units[experiment.unit] = unit;
  const Asker asker{.user_id = unit, .session_id = unit, .query = unit, .attributes = attributes, .units = &units};
  std::vector<Row> rows;
  for (const Experiment& experiment : experiments.all()) {
    const auto assigned = experiments.assign(experiment, asker, now_ms);
    rows.push_back({.experiment = &experiment,
                    .variant = assigned ? assigned->variant : nullptr,
                    .why = experiments.why(experiment, asker, now_ms)});
  }
  return rows;
}

std::string rows_json(const std::vector<Row>& rows) {
  std::string out = "{\"experiments\":[";
  for (const Row& row : rows) {
    if (out.back() == '}') out.push_back(',');
    JsonObjectWriter object(out);
    object.text("experiment", row.experiment->name);
    if (row.variant != nullptr) {
      object.text("variant", row.variant->name);
      JsonObjectWriter parameters(object.key("parameters"));
      for (const auto& [name, value] : row.variant->parameters) parameters.text(name, value);
    }
    object.text("why", row.why);
  }
  return out + "]}\n";
}

// As a server of the folder has it; a folder without a log is one where nothing was decided.
Result<std::shared_ptr<const Experiments>> in_force(std::shared_ptr<const Experiments> defined,
                                                    const Context& context) {
  if (!context.process.files.exists(context.data + "/log")) return defined;
  HANDSEL_ASSIGN(const auto log, open_log_for_reading(context));
  return DecidedExperiments(*log).in_force(defined);
}

Result<int> assign(const AssignFlags& flags, Context& context) {
  HANDSEL_ASSIGN(const auto attributes, parse_attributes(flags.attributes));
  FileSystem& files = context.process.files;
  if (!files.exists(context.data)) return fail(Code::kNotFound, "there is no folder {}", context.data);
  const std::string path = experiments_path(context.data);
  HANDSEL_ASSIGN(Experiments defined, load_experiments(files, path));
  HANDSEL_ASSIGN(const auto experiments, in_force(std::make_shared<const Experiments>(std::move(defined)), context));
  const auto rows = rows_of(*experiments, flags.unit, attributes, context.process.clock.now_ms());
  if (context.json) {
    context.print(rows_json(rows));
    return 0;
  }
  Table table({{.title = "experiment", .width_max = 40},
               {.title = "variant", .width_max = 30},
               {.title = "why", .width_max = 60},
               {.title = "sets", .width_max = 80}});
  for (const Row& row : rows) {
    table.row({row.experiment->name, row.variant == nullptr ? "-" : row.variant->name, row.why,
               row.variant == nullptr ? "" : parameters_text(*row.variant)});
  }
  context.print(table.empty() ? fmt::format("there are no experiments; they stand in {}\n", path) : table.text());
  return 0;
}

}  // namespace

Command experiment_check_command() {
  return {.name = "experiment check",
          .summary = "Check a file of experiments, and show the slices of its layers",
          .example = "handsel experiment check shop/experiments.toml",
          .uses = Uses::kNothing,
          .declare = [](Flags& flags) -> Action {
            auto file = std::make_shared<std::string>();
            flags.word(*file, "FILE", "Definitions of experiments, as in DIR/experiments.toml");
            return [file](Context& context) { return check(*file, context); };
          }};
}

Command experiment_assign_command() {
  return {.name = "experiment assign",
          .summary = "Say which variants a unit gets, and why",
          .example = "handsel experiment assign --data shop --unit visitor-17 --attributes country=DE",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<AssignFlags>();
            flags.required_text(options->unit, "--unit",
                                "Name of the unit: a user, a session, a query, whatever an experiment goes by");
            flags.texts(options->attributes, "--attributes",
                        "What targeting asks for: NAME=VALUE, separated by commas");
            return [options](Context& context) { return assign(*options, context); };
          }};
}

}  // namespace handsel::cli

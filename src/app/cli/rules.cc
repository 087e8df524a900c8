// handsel rules check: what the merchandiser's rules are, and which are in force now.
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/table.h"
#include "app/engine/rules_source.h"
#include "ranking/query/dates.h"

namespace handsel::cli {
namespace {

std::string when(const pipeline::Rule& rule) {
  const auto from = query::format_moment(rule.from_ms);
  const auto until = query::format_moment(rule.until_ms);
  if (!from && !until) return "always";
  return fmt::format("{}{}{}", from ? "from " + *from : "", from && until ? " " : "", until ? "until " + *until : "");
}

std::string_view state_of(const pipeline::Rule& rule, std::int64_t now_ms) {
  if (now_ms >= rule.until_ms) return "over";
  return now_ms < rule.from_ms ? "to come" : "in force";
}

std::string which_queries(const pipeline::Rule& rule) {
  if (rule.every_query) return "every query";
  std::string out;
  for (const std::string& query : rule.queries) out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", query);
  for (const auto& words : rule.words) {
    out += out.empty() ? "with" : ", with";
    for (const pipeline::RuleWord& word : words) out += " " + word.surface;
  }
  return out;
}

std::string what(const pipeline::Rule& rule) {
  if (rule.action == pipeline::RuleAction::kPin) return fmt::format("{} to place {}", rule.listing, rule.place);
  return rule.factor == 1 ? "behind all" : fmt::format("times {}", rule.factor);
}

nlohmann::json to_json(const pipeline::Rule& rule, std::int64_t now_ms) {
  return {{"name", rule.name},
          {"line", rule.line},
          {"do", pipeline::action_name(rule.action)},
          {"what", what(rule)},
          {"queries", which_queries(rule)},
          {"when", when(rule)},
          {"state", state_of(rule, now_ms)}};
}

Result<int> check(Context& context) {
  FileSystem& files = context.process.files;
  if (!files.exists(context.data)) return fail(Code::kNotFound, "there is no folder {}", context.data);
  const text::Analyzer analyzer(context.settings.values.language);
  const std::string path = rules_path(context.data);
  HANDSEL_ASSIGN(const pipeline::Rules rules, load_rules(files, path, analyzer));
  const std::int64_t now_ms = context.process.clock.now_ms();
  if (context.json) {
    auto rows = nlohmann::json::array();
    for (const pipeline::Rule& rule : rules.rules) rows.push_back(to_json(rule, now_ms));
    context.print(nlohmann::json{{"rules", rows}}.dump() + "\n");
    return 0;
  }
  Table table({{.title = "line", .right = true},
               {.title = "rule", .width_max = 30},
               {.title = "does"},
               {.title = "what", .width_max = 30},
               {.title = "queries", .width_max = 40},
               {.title = "when"},
               {.title = "state"}});
  for (const pipeline::Rule& rule : rules.rules) {
    table.row({std::to_string(rule.line), rule.name, std::string(pipeline::action_name(rule.action)), what(rule),
               which_queries(rule), when(rule), std::string(state_of(rule, now_ms))});
  }
  context.print(table.empty() ? fmt::format("there are no rules; they stand in {}\n", path) : table.text());
  return 0;
}

}  // namespace

Command rules_check_command() {
  return {.name = "rules check",
          .summary = "Check the merchandiser's rules and list which are in force",
          .example = "handsel rules check --data shop",
          .declare = [](Flags&) -> Action { return [](Context& context) { return check(context); }; }};
}

}  // namespace handsel::cli

// What a trial of two rankers on live traffic came to ('handsel model challenge').
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/open_log.h"
#include "app/cli/table.h"
#include "app/engine/interleaving_outcome.h"

namespace handsel::cli {
namespace {

using Json = nlohmann::json;

Json credits_json(const std::string& id, const InterleavingOutcome::Credits& credits, std::size_t sessions_won) {
  return {{"ranker", id},
          {"sessions_won", sessions_won},
          {"shown", credits.shown},
          {"clicked", credits.clicked},
          {"in_carts", credits.in_carts},
          {"bought", credits.bought}};
}

std::string json_of(const InterleavingOutcome& outcome) {
  const assignment::Preference& preference = outcome.preference;
  const Json json = {{"a", credits_json(outcome.serving, outcome.a, preference.wins_a)},
                     {"b", credits_json(outcome.challenger, outcome.b, preference.wins_b)},
                     {"first_ms", outcome.first_ms},
                     {"last_ms", outcome.last_ms},
                     {"searches", outcome.searches},
                     {"other_searches", outcome.other_searches},
                     {"cut", outcome.cut},
                     {"sessions", preference.lists},
                     {"ties", preference.ties},
                     {"share_b", preference.share_b},
                     {"low", preference.low},
                     {"high", preference.high},
                     {"p", preference.p},
                     {"margin", preference.margin},
                     {"sessions_missing", sessions_missing(outcome)},
                     {"sentence", sentence_of(outcome)}};
  return json.dump() + "\n";
}

std::string text_of(const InterleavingOutcome& outcome) {
  if (outcome.challenger.empty()) return sentence_of(outcome) + "\n";
  const assignment::Preference& preference = outcome.preference;
  const auto right = [](std::string_view title) { return Table::Column{.title = title, .right = true}; };
  Table table({{.title = "team"},
               {.title = "ranker"},
               right("sessions won"),
               right("shown"),
               right("clicked"),
               right("in carts"),
               right("bought")});
  const auto row = [&](std::string team, const std::string& id, const InterleavingOutcome::Credits& credits,
                       std::size_t won) {
    table.row({std::move(team), id, std::to_string(won), std::to_string(credits.shown), std::to_string(credits.clicked),
               std::to_string(credits.in_carts), std::to_string(credits.bought)});
  };
  row("a, serves", outcome.serving, outcome.a, preference.wins_a);
  row("b, challenger", outcome.challenger, outcome.b, preference.wins_b);
  std::string text = table.text();
  text += fmt::format("\n{} searches of {} sessions; {} sessions preferred neither\n", outcome.searches,
                      preference.lists, preference.ties);
  if (outcome.other_searches > 0) {
    text += fmt::format("left out: {} searches of other pairs of rankers\n", outcome.other_searches);
  }
  if (outcome.cut) text += "left out: what is beyond the limits of one evaluation\n";
  text += fmt::format("share of the challenger {:.3f} (95 %: {:.3f} to {:.3f}), p = {:.2g}\n\n{}\n", preference.share_b,
                      preference.low, preference.high, preference.p, sentence_of(outcome));
  return text;
}

}  // namespace

Command evaluate_interleaving_command() {
  return {.name = "evaluate interleaving",
          .summary = "Which of two rankers people prefer, by what they clicked ('model challenge')",
          .example = "handsel evaluate interleaving --data shop",
          .declare = [](Flags&) -> Action {
            return [](Context& context) -> Result<int> {
              HANDSEL_ASSIGN(const auto log, open_log_for_reading(context));
              HANDSEL_ASSIGN(const InterleavingOutcome outcome, interleaving_outcome(*log));
              context.print(context.json ? json_of(outcome) : text_of(outcome));
              return 0;
            };
          }};
}

}  // namespace handsel::cli

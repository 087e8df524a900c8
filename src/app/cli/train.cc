#include <algorithm>
#include <array>
#include <optional>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/table.h"
#include "base/core/progress.h"
#include "ranking/learning/objective.h"

namespace handsel::cli {
namespace {

constexpr std::array kKinds = {Trained::kEncoder, Trained::kPropensities, Trained::kRanker};

struct Options {
  std::vector<std::string> kinds;
  std::int64_t seed = 1;
  std::int64_t searches = TrainRequest{}.searches_max;
  std::int64_t encoder_examples = 0;
  bool keep = false;
  bool ignore_position_bias = false;
};

Result<TrainRequest> request_of(const Options& options) {
  TrainRequest request{.seed = static_cast<std::uint64_t>(options.seed),
                       .searches_max = static_cast<std::size_t>(options.searches),
                       .encoder_examples_total = static_cast<std::size_t>(options.encoder_examples),
                       .promote = !options.keep && !options.ignore_position_bias,
                       .ignore_position_bias = options.ignore_position_bias};
  for (const std::string& name : options.kinds) {
    if (name == "all") continue;
    const auto kind = std::ranges::find(kKinds, name, trained_name);
    if (kind == kKinds.end()) {
      return fail(Code::kInvalidArgument, "train: expected all, encoder, propensities or ranker, found '{}'", name);
    }
    request.kinds.push_back(*kind);
  }
  return request;
}

// One line of progress a stage.
class Stages {
 public:
  explicit Stages(const Context& context) : context_(context) {}
  void operator()(std::string_view stage, std::uint64_t done, std::uint64_t total) {
    if (stage != stage_) {
      stage_ = stage;
      progress_.reset();
      progress_.emplace("train", std::string(stage), total, context_.json, context_.process.err);
    }
    progress_->set(done);
  }

 private:
  const Context& context_;
  std::string stage_;
  std::optional<Progress> progress_;
};

nlohmann::json for_programs(const TrainOutcome& outcome) {
  return {{"kind", trained_name(outcome.kind)},
          {"id", outcome.id},
          {"promoted", outcome.promoted},
          {"note", outcome.note},
          {"metrics", outcome.metrics}};
}

std::string for_people(const TrainOutcome& outcome) {
  const std::string_view kind = trained_name(outcome.kind);
  if (outcome.id.empty()) return fmt::format("{}: {}\n", kind, outcome.note);
  std::string text =
      fmt::format("{} {} {}", kind, outcome.id, outcome.promoted ? "serves" : "was made and does not serve");
  if (!outcome.note.empty()) text += ": " + outcome.note;
  return text + fmt::format("\n  `handsel model show {}` says what it is\n", outcome.id);
}

Result<int> run(const Options& options, Context& context) {
  HANDSEL_ASSIGN(TrainRequest request, request_of(options));
  HANDSEL_ASSIGN(request.objective, learning::parse_objective(context.settings.values.objective));
  HANDSEL_ASSIGN(const auto engine, open_engine_to_train(context));
  tell_degraded(*engine, context);
  Stages stages(context);
  HANDSEL_ASSIGN(const auto outcomes, engine->train(request,
                                                    [&](std::string_view stage, std::uint64_t done,
                                                        std::uint64_t total) { stages(stage, done, total); },
                                                    {}));
  if (context.json) {
    auto json = nlohmann::json::array();
    for (const TrainOutcome& outcome : outcomes) json.push_back(for_programs(outcome));
    context.print(json.dump() + "\n");
  } else {
    for (const TrainOutcome& outcome : outcomes) context.print(for_people(outcome));
  }
  return 0;
}

}  // namespace

Command train_command() {
  return {.name = "train",
          .summary = "Learn an encoder, the bias of places and a ranker from the log, also while a server has it",
          .example = "handsel train --data shop",
          .uses = Uses::kTrain,
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<Options>();
            flags.optional_words(options->kinds, "KIND", "all, or some of: encoder, propensities, ranker");
            flags.number(options->seed, "--seed", "The same log and seed give the same models", {0, 1'000'000'000});
            flags.number(options->searches, "--searches", "Searches that the ranker learns from, at most",
                         {10, 1'000'000});
            flags.number(options->encoder_examples, "--encoder-examples",
                         "Examples that the encoder sees; 0: by the size of the catalogue", {0, 1'000'000'000});
            flags.boolean(options->keep, "--no-promote", "Keep the models, but do not put them to work");
            flags.boolean(options->ignore_position_bias, "--ignore-position-bias",
                          "Take clicks at their word, whatever their place: for comparisons, so nothing is promoted");
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace handsel::cli

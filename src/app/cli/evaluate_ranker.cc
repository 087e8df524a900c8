#include <algorithm>
#include <array>

#include "app/cli/commands.h"
#include "base/core/hash.h"
#include "base/core/progress.h"
#include "facts/catalog/import/byte_source.h"
#include "proof/evaluate/evaluation.h"
#include "ranking/learning/ranker_training.h"
#include "ranking/learning/svmlight.h"
#include "ranking/trees/ndcg.h"

namespace handsel::cli {
namespace {

using trees::RankingRows;

constexpr std::size_t kFileBytesMax = std::size_t{4} << 30;
constexpr std::array<std::size_t, 3> kHeads = {1, 3, 5};
constexpr std::array<std::string_view, 2> kGainNames = {"exponential", "linear"};
constexpr std::array<std::string_view, 4> kLearnerNames = {"auto", "linear", "trees", "linear+trees"};
constexpr std::array<std::string_view, 2> kObjectiveNames = {"lambda", "rank:ndcg"};

struct Options {
  std::string train;
  std::string test;
  std::string valid;
  std::string gain = "exponential";
  std::string learner = "auto";
  std::string objective = "lambda";
  std::string name;
  std::string per_query;
  std::int64_t at = 10;
  std::int64_t folds = 5;
  std::int64_t models = 1;
  std::int64_t rounds = 150;
  std::int64_t leaves = 15;
  std::int64_t seed = 1;
  std::int64_t threads = 1;
  double learning_rate = 0.1;
  double row_share = 1;
  double column_share = 1;
  double hessian_min = 1;
};

Result<std::string> read_whole(const std::string& path) {
  HANDSEL_ASSIGN(const auto source, catalog::open_source(path));
  std::string text;
  for (;;) {
    HANDSEL_ASSIGN(const std::string_view bytes, source->next());
    if (bytes.empty()) return text;
    if (text.size() + bytes.size() > kFileBytesMax) return fail(Code::kTooLarge, "{}: more than 4 GiB", path);
    text += bytes;
  }
}

// rank.train -> rank.train.query; rank.train.gz -> rank.train.query.gz. Empty where neither is.
std::string groups_path(const std::string& path, FileSystem& files) {
  const bool packed = path.ends_with(".gz");
  const std::string beside = (packed ? path.substr(0, path.size() - 3) : path) + ".query";
  for (const std::string& candidate : {beside, beside + ".gz"}) {
    if (files.exists(candidate)) return candidate;
  }
  return "";
}

Result<RankingRows> read_rows(const std::string& path, const Options& options, std::size_t columns, FileSystem& files) {
  HANDSEL_ASSIGN(const std::string text, read_whole(path));
  std::string groups;
  if (const std::string beside = groups_path(path, files); !beside.empty()) {
    HANDSEL_ASSIGN(groups, read_whole(beside));
  }
  const auto gain = options.gain == "linear" ? learning::GainKind::kLinear : learning::GainKind::kExponential;
  auto rows = learning::parse_svmlight(text, groups, {.gain = gain, .columns = columns});
  if (!rows) return fail(rows.error().code, "{}: {}", path, rows.error().message);
  return rows;
}

learning::RankerOptions training_options(const Options& options) {
  learning::RankerOptions out{.folds = static_cast<std::size_t>(options.folds),
                              .models = static_cast<std::size_t>(options.models),
                              .at = static_cast<std::size_t>(options.at),
                              .seed = static_cast<std::uint64_t>(options.seed),
                              .threads = static_cast<int>(options.threads)};
  if (options.learner != "auto") {
    const auto chosen = std::ranges::find(kLearnerNames, options.learner) - kLearnerNames.begin();
    out.learners = {static_cast<learning::Learner>(chosen)};
  }
  out.trees.rounds = static_cast<std::size_t>(options.rounds);
  out.trees.leaves = static_cast<std::size_t>(options.leaves);
  out.trees.learning_rate = options.learning_rate;
  out.trees.row_share = options.row_share;
  out.trees.column_share = options.column_share;
  out.trees.hessian_min = options.hessian_min;
  if (options.objective == "rank:ndcg") out.trees.objective = trees::Objective::kXgboostNdcg;
  return out;
}

// A query's id is its number in the file, from 1.
evaluate::Evaluation to_evaluation(const RankingRows& test, std::span<const float> scores, const Options& options) {
  evaluate::Evaluation run{
      .name = options.name, .judgments = test.rows(), .seed = static_cast<std::uint64_t>(options.seed)};
  for (std::size_t group = 0; group < test.groups(); ++group) {
    run.queries.push_back({.id = fmt::format("{}", group + 1), .returned = test.size_of(group)});
    run.fingerprint = mix64(run.fingerprint ^ test.size_of(group));
  }
  // The one that was asked for comes first, and the heads of the page behind it.
  std::vector<std::size_t> places = {static_cast<std::size_t>(options.at)};
  for (const std::size_t head : kHeads) {
    if (head < places.front()) places.push_back(head);
  }
  for (const std::size_t at : places) {
    run.metrics.push_back(fmt::format("ndcg@{}", at));
    const auto values = trees::ndcg_of_groups(test, scores, at);
    for (std::size_t group = 0; group < values.size(); ++group) run.queries[group].values.push_back(values[group]);
  }
  for (const float gain : test.gains) run.fingerprint = mix64(run.fingerprint ^ static_cast<std::uint64_t>(gain));
  return run;
}

Result<learning::TrainedRanker> train(const RankingRows& rows, const Options& options, Context& context) {
  const learning::RankerOptions training = training_options(options);
  Progress progress("train", "models", 0, context.json, context.process.err);
  const auto moved = [&](std::size_t done, std::size_t) { progress.set(done); };
  if (options.valid.empty()) return learning::train_ranker(rows, training, moved);
  HANDSEL_ASSIGN(const RankingRows valid,
                 read_rows(options.valid, options, rows.features.size(), context.process.files));
  return learning::train_ranker_beside(rows, valid, training, moved);
}

Result<int> run(Options options, Context& context) {
  HANDSEL_ASSIGN(const RankingRows rows, read_rows(options.train, options, 0, context.process.files));
  HANDSEL_ASSIGN(const RankingRows test, read_rows(options.test, options, rows.features.size(), context.process.files));
  HANDSEL_ASSIGN(const learning::TrainedRanker ranker, train(rows, options, context));
  std::vector<float> scores(test.rows());
  ranker.ensemble.predict(test.values, scores);
  if (options.name.empty()) {
    options.name = fmt::format("{}, {} trees, {} gains", learning::learner_name(ranker.learner),
                               ranker.ensemble.trees(), options.gain);
  }
  const evaluate::Evaluation measured = to_evaluation(test, scores, options);
  if (!options.per_query.empty()) {
    HANDSEL_TRY(context.process.files.write_file(options.per_query, evaluate::to_csv(measured)));
  }
  context.print(context.json ? evaluate::to_json(measured) + "\n" : evaluate::to_table(measured));
  return 0;
}

}  // namespace

Command evaluate_ranker_command() {
  return {
      .name = "evaluate ranker",
      .summary = "Train a ranker on judged rows (SVMlight) and measure it on others",
      .example = "handsel evaluate ranker --train rank.train --test rank.test",
      .uses = Uses::kNothing,
      .declare = [](Flags& flags) -> Action {
        auto options = std::make_shared<Options>();
        flags.required_text(options->train, "--train", "SVMlight lines with qid, or with FILE.query beside");
        flags.required_text(options->test, "--test", "The same, of other queries");
        flags.text(options->valid, "--valid", "The same, to stop and choose by; none: folds of the training queries");
        flags.number(options->at, "--at", "Places that NDCG looks at", {1, 10'000});
        flags.choice(options->gain, "--gain", "What a grade is worth: 2^grade - 1, or the grade", kGainNames);
        flags.choice(options->learner, "--learner", "auto: what does best on kept-apart queries", kLearnerNames);
        flags.choice(options->objective, "--objective", "Of trees: our gradients, or XGBoost's own", kObjectiveNames);
        flags.number(options->rounds, "--rounds", "Of trees, at most", {1, 5'000});
        flags.number(options->leaves, "--leaves", "Of a tree, at most", {2, 256});
        flags.real(options->learning_rate, "--learning-rate", "Share of each tree that counts");
        flags.number(options->folds, "--folds", "Of the training queries", {2, 50});
        flags.number(options->models, "--models", "Averaged, of each fold", {1, 50});
        flags.number(options->threads, "--threads", "Of the training", {1, 1'024});
        flags.number(options->seed, "--seed", "Of the training and the bootstrap", {0, 1'000'000'000});
        flags.text(options->name, "--name", "What was measured, for the table");
        flags.text(options->per_query, "--per-query", "File for a row of values per query (CSV)");
        return [options](Context& context) { return run(*options, context); };
      }};
}

}  // namespace handsel::cli

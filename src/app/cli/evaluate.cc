#include <algorithm>
#include <cstdlib>
#include <optional>

#include "analysis/text/normalised_query.h"
#include "app/cli/commands.h"
#include "app/cli/ranked_folds.h"
#include "base/core/progress.h"
#include "proof/evaluate/bands.h"
#include "proof/evaluate/compare.h"
#include "proof/evaluate/evaluation.h"
#include "proof/evaluate/judgments.h"

namespace handsel::cli {
namespace {

struct SearchOptions {
  std::string queries;
  std::string judgments;
  std::string gains;
  std::vector<std::string> at = {"10", "100"};
  std::string name = "handsel search";
  std::string per_query;
  std::string language;
  std::string filter;
  bool words_only = false;
  std::string order_by;
  std::int64_t folds = 0;
  std::int64_t seed = 1;
};

struct CompareOptions {
  std::string a;
  std::string b;
};

Result<std::vector<std::size_t>> parse_cutoffs(const std::vector<std::string>& words) {
  std::vector<std::size_t> cutoffs;
  for (const std::string& word : words) {
    char* end = nullptr;
    const unsigned long value = std::strtoul(word.c_str(), &end, 10);
    if (word.empty() || *end != '\0' || word.front() == '-') {
      return fail(Code::kInvalidArgument, "--at: expected numbers as in 10,100, found '{}'", word);
    }
    cutoffs.push_back(value);
  }
  return cutoffs;
}

Result<evaluate::JudgedSet> read_set(const SearchOptions& options, FileSystem& files) {
  HANDSEL_ASSIGN(const auto gains, evaluate::parse_gains(options.gains));
  HANDSEL_ASSIGN(const std::string queries, files.read_file(options.queries));
  HANDSEL_ASSIGN(const std::string judgments, files.read_file(options.judgments));
  auto set = evaluate::read_judged_set(queries, judgments, gains);
  if (!set) {
    return fail(set.error().code, "{} or {}: {}", options.queries, options.judgments, set.error().message);
  }
  return set;
}

// How often people asked what; empty where the log has no searches.
Result<evaluate::QueryBands> read_bands(const Engine& engine) {
  evaluate::QueryBands bands;
  HANDSEL_TRY(engine.visit_events([&](const events::Event& event) {
    if (event.kind == events::EventKind::kSearch) bands.add(text::normalised_query(event.query));
    return true;
  }));
  bands.finish();
  return bands;
}

// Pages through the results as a caller of the HTTP interface would.
Result<std::vector<std::string>> ranking(const Engine& engine, search::SearchRequest request, std::size_t depth) {
  std::vector<std::string> ids;
  do {
    request.limit = std::min(search::kLimitMax, depth - ids.size());
    HANDSEL_ASSIGN(const auto response, engine.search(request));
    for (const auto& hit : response.hits) ids.push_back(hit.listing.id);
    request.cursor = response.next_cursor;
  } while (ids.size() < depth && !request.cursor.empty());
  return ids;
}

Result<int> run_search(const SearchOptions& options, Context& context) {
  HANDSEL_ASSIGN(const auto cutoffs, parse_cutoffs(options.at));
  HANDSEL_ASSIGN(const auto set, read_set(options, context.process.files));
  HANDSEL_ASSIGN(const auto engine, open_engine(context, Folder::kMustExist));
  HANDSEL_TRY(engine->catch_up_learned());
  tell_degraded(*engine, context);
  const FoldOptions how{.language = options.language,
                        .filter = options.filter,
                        .words_only = options.words_only,
                        .folds = static_cast<std::size_t>(options.folds),
                        .at = cutoffs.empty() ? 10 : cutoffs.front(),
                        .seed = static_cast<std::uint64_t>(options.seed)};
  std::optional<Rankings> ranked;
  if (options.folds > 0) {
    HANDSEL_ASSIGN(ranked, rank_by_folds(*engine, set, how, context));
  } else if (!options.order_by.empty()) {
    HANDSEL_ASSIGN(ranked, rank_by_feature(*engine, set, how, options.order_by, context));
  }
  Progress progress("evaluate", "queries", set.queries.size(), context.json, context.process.err);
  const std::size_t depth = cutoffs.empty() ? 0 : *std::ranges::max_element(cutoffs);
  const evaluate::Ranker ranker = [&](const evaluate::JudgedQuery& query) -> Result<std::vector<std::string>> {
    progress.add(1);
    if (ranked) return (*ranked)[query.id];
    return ranking(*engine,
                   {.query = query.text,
                    .language = options.language,
                    .filter = options.filter,
                    .meaning = !options.words_only,
                    .personalise = false,
                    .explore = false,
                    .experiments = false},
                   depth);
  };
  HANDSEL_ASSIGN(
      auto run,
      evaluate::measure(set, ranker,
                        {.name = options.name, .cutoffs = cutoffs, .seed = static_cast<std::uint64_t>(options.seed)}));
  progress.finish();
  HANDSEL_ASSIGN(const auto bands, read_bands(*engine));
  if (!bands.empty()) {
    for (auto& query : run.queries) query.band = bands.of(text::normalised_query(query.text));
  }
  if (!options.per_query.empty()) {
    HANDSEL_TRY(context.process.files.write_file(options.per_query, evaluate::to_csv(run)));
  }
  context.print(context.json ? evaluate::to_json(run) + "\n" : evaluate::to_table(run));
  return 0;
}

Result<evaluate::Evaluation> read_run(const std::string& path, FileSystem& files) {
  HANDSEL_ASSIGN(const std::string json, files.read_file(path));
  auto run = evaluate::evaluation_from_json(json);
  if (!run) return fail(run.error().code, "{}: {}", path, run.error().message);
  return run;
}

Result<int> run_compare(const CompareOptions& options, Context& context) {
  HANDSEL_ASSIGN(const auto a, read_run(options.a, context.process.files));
  HANDSEL_ASSIGN(const auto b, read_run(options.b, context.process.files));
  HANDSEL_ASSIGN(const auto comparison, evaluate::compare(a, b));
  context.print(context.json ? evaluate::to_json(comparison) + "\n" : evaluate::to_table(comparison));
  return 0;
}

}  // namespace

Command evaluate_search_command() {
  return {.name = "evaluate search",
          .summary = "Measure the search of a data folder on judged queries",
          .example =
              "handsel evaluate search --data shop --queries query.csv --judgments label.csv "
              "--gains E=1,S=0.1,C=0.01,I=0",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<SearchOptions>();
            flags.required_text(options->queries, "--queries", "CSV: query_id, query");
            flags.required_text(options->judgments, "--judgments", "CSV: query_id, product_id, label");
            flags.text(options->gains, "--gains", "What labels are worth; none: labels are numbers");
            flags.texts(options->at, "--at", "Cut-offs, separated by commas");
            flags.text(options->name, "--name", "What was measured, for the table");
            flags.text(options->per_query, "--per-query", "File for a row of values per query (CSV)");
            flags.text(options->language, "--query-language", "Language of the queries");
            flags.text(options->filter, "--filter", "Search among these listings only");
            flags.boolean(options->words_only, "--words-only", "Leave out what vectors and walks find");
            flags.text(options->order_by, "--order-by",
                       "Rank the candidates by one feature alone, as --explain names it");
            flags.number(options->folds, "--folds",
                         "Train a ranker on the judged queries and judge it on queries it did not see: so many parts",
                         {0, 50});
            flags.number(options->seed, "--seed", "Of folds and bootstrap", {0, 1'000'000'000});
            return [options](Context& context) { return run_search(*options, context); };
          }};
}

Command evaluate_compare_command() {
  return {.name = "evaluate compare",
          .summary = "Compare two runs that 'evaluate search --json' wrote, query by query",
          .example = "handsel evaluate compare before.json after.json",
          .uses = Uses::kNothing,
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<CompareOptions>();
            flags.word(options->a, "A", "The run before");
            flags.word(options->b, "B", "The run after");
            return [options](Context& context) { return run_compare(*options, context); };
          }};
}

}  // namespace handsel::cli

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "base/core/progress.h"
#include "facts/catalog/import/import.h"
#include "facts/catalog/import/refusal_writer.h"
#include "facts/events/formats/event_parser.h"
#include "facts/events/formats/import_events.h"
#include "proof/evaluate/judgments.h"

namespace handsel::cli {
namespace {

using catalog::ImportSummary;
using catalog::RefusalSink;
using catalog::RefusedRow;
using catalog::Row;

constexpr std::array<std::string_view, 6> kKinds = {"listings", "shops", "taxonomy", "reviews", "events", "judgments"};

struct Options {
  std::string kind;
  std::vector<std::string> files;
  std::string format = "auto";
  std::string map;
  std::string queries;  // of judgments
  std::string gains;
  bool strict = false;
  bool quiet = false;
};

// What came of one file.
struct Outcome {
  std::string file;
  std::string format;
  std::uint64_t taken = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t rejected = 0;
  std::string rejected_path;  // empty: nothing was rejected
  std::vector<std::string> notes;
};

// One file on its way into the engine.
class Import {
 public:
  Import(Engine& engine, const Context& context, const Options& options, const std::string& file)
      : engine_(engine),
        context_(context),
        options_(options),
        refusals_(context.process.files, context.process.clock, context.data + "/rejected", file),
        progress_(file, options.kind, 0, options.quiet || context.json, context.process.err) {
    outcome_.file = file;
  }

  Result<Outcome> run(const std::optional<catalog::Mapping>& mapping) {
    HANDSEL_ASSIGN(const auto source, catalog::open_source(outcome_.file));
    HANDSEL_ASSIGN(ImportSummary summary, read(*source, mapping));
    outcome_.format = summary.format;
    outcome_.notes = std::move(summary.notes);
    HANDSEL_ASSIGN(outcome_.rejected_path, refusals_.finish());
    outcome_.rejected = refusals_.refused();
    progress_.finish();
    if (summary.error) {
      return fail(summary.error->code, "{}: {} ({} {} were taken before that)", outcome_.file, summary.error->message,
                  outcome_.taken, options_.kind);
    }
    return std::move(outcome_);
  }

 private:
  Result<ImportSummary> read(catalog::ByteSource& source, const std::optional<catalog::Mapping>& mapping) {
    const RefusalSink refuse = [this](const RefusedRow& row) { return refusals_.write(row); };
    if (options_.kind == "events") {
      HANDSEL_ASSIGN(const auto format, events::parse_event_format(options_.format));
      return events::import_events(
          source, {.format = format, .now_ms = context_.process.clock.now_ms()},
          [this](std::span<Row<events::Event>> rows) { return take_events(rows); }, refuse);
    }
    HANDSEL_ASSIGN(const auto format, catalog::parse_import_format(options_.format));
    const catalog::ImportOptions how{.format = format, .mapping = mapping ? &*mapping : nullptr};
    if (options_.kind == "listings") {
      return catalog::import_listings(source, how, [this](auto rows) { return take_listings(rows); }, refuse);
    }
    if (options_.kind == "shops") {
      return catalog::import_shops(
          source, how,
          [this](auto rows) { return take_all(rows, [this](auto values) { return engine_.put_shops(values); }); },
          refuse);
    }
    if (options_.kind == "reviews") {
      return catalog::import_reviews(
          source, how,
          [this](auto rows) { return take_all(rows, [this](auto values) { return engine_.put_reviews(values); }); },
          refuse);
    }
    return catalog::import_taxonomy(
        source, how,
        [this](auto rows) { return take_all(rows, [this](auto values) { return engine_.put_taxonomy(values); }); },
        refuse);
  }

  template <typename T>
  static std::vector<T> values_of(std::span<Row<T>> rows) {
    std::vector<T> values;
    values.reserve(rows.size());
    for (Row<T>& row : rows) values.push_back(std::move(row.value));
    return values;
  }

  template <typename T>
  Result<void> take_all(std::span<Row<T>> rows, auto put) {
    const std::vector<T> values = values_of(rows);
    HANDSEL_TRY(put(std::span<const T>(values)));
    outcome_.taken += values.size();
    progress_.add(values.size());
    return {};
  }

  Result<void> take_listings(std::span<Row<catalog::Listing>> rows) {
    HANDSEL_ASSIGN(const auto statuses, engine_.put_listings(values_of(rows)));
    return take_statuses(rows, statuses);
  }

  Result<void> take_events(std::span<Row<events::Event>> rows) {
    HANDSEL_ASSIGN(const auto statuses, engine_.put_events(values_of(rows)));
    return take_statuses(rows, statuses);
  }

  // The engine refuses single items too: an event of a listing that is not there.
  template <typename T>
  Result<void> take_statuses(std::span<Row<T>> rows, const std::vector<WriteStatus>& statuses) {
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      if (statuses[i].error) {
        HANDSEL_TRY(refusals_.write(
            {.line = rows[i].line, .field = "", .reason = statuses[i].error->message, .text = statuses[i].id}));
      } else if (statuses[i].duplicate) {
        ++outcome_.duplicates;
      } else {
        ++outcome_.taken;
      }
    }
    progress_.add(statuses.size());
    return {};
  }

  Engine& engine_;
  const Context& context_;
  const Options& options_;
  catalog::RefusalWriter refusals_;
  Progress progress_;
  Outcome outcome_;
};

std::string for_people(const Outcome& outcome, const std::string& kind) {
  std::string text;
  for (const std::string& note : outcome.notes) text += fmt::format("note: {}\n", note);
  text += fmt::format("{}: {} {} taken", outcome.file, outcome.taken, kind);
  if (!outcome.format.empty()) text += fmt::format(" ({})", outcome.format);
  if (outcome.duplicates > 0) text += fmt::format(", {} were there already", outcome.duplicates);
  text += fmt::format(", {} rejected", outcome.rejected);
  if (!outcome.rejected_path.empty()) text += fmt::format(", with reasons in {}", outcome.rejected_path);
  return text + "\n";
}

nlohmann::json for_programs(const Outcome& outcome) {
  return {{"file", outcome.file},         {"format", outcome.format},
          {"taken", outcome.taken},       {"duplicates", outcome.duplicates},
          {"rejected", outcome.rejected}, {"rejected_path", outcome.rejected_path},
          {"notes", outcome.notes}};
}

Result<void> check(const Options& options) {
  for (const std::string& file : options.files) {
    if (file != "-" && !std::filesystem::exists(file)) {
      return fail(Code::kNotFound, "there is no file {}; nothing was imported", file);
    }
  }
  if (!options.map.empty() && options.kind != "listings") {
    return fail(Code::kInvalidArgument, "--map is for listings, not for {}", options.kind);
  }
  return {};
}

// Judged queries: a file of queries and one of judgments, as `evaluate search` takes them.
Result<int> run_judgments(const Options& options, Context& context) {
  if (options.queries.empty() || options.files.size() != 1) {
    return fail(Code::kInvalidArgument, "judgments come as one file and --queries QUERIES.csv");
  }
  HANDSEL_ASSIGN(const auto gains, evaluate::parse_gains(options.gains));
  HANDSEL_ASSIGN(const std::string queries, context.process.files.read_file(options.queries));
  HANDSEL_ASSIGN(const std::string judged, context.process.files.read_file(options.files.front()));
  const auto set = evaluate::read_judged_set(queries, judged, gains);
  if (!set) {
    return fail(set.error().code, "{} or {}: {}", options.queries, options.files.front(), set.error().message);
  }
  std::vector<decisions::Judgment> judgments;
  for (const evaluate::JudgedQuery& query : set->queries) {
    for (const auto& [id, gain] : query.gains) judgments.push_back({query.text, id, gain});
  }
  HANDSEL_ASSIGN(const auto engine, open_engine(context, Folder::kMayBeMade));
  HANDSEL_TRY(engine->put_judgments(judgments));
  if (context.json) {
    context.print(
        nlohmann::json{{"kind", options.kind}, {"queries", set->queries.size()}, {"taken", judgments.size()}}.dump() +
        "\n");
  } else {
    context.print(fmt::format("{}: {} judgments of {} queries taken\n", options.files.front(), judgments.size(),
                              set->queries.size()));
  }
  return 0;
}

// What takes the same rows over HTTP.
std::string_view http_twin(std::string_view kind) {
  return kind == "listings" ? "POST /v1/listings" : kind == "events" ? "POST /v1/events" : "";
}

Result<int> run(const Options& options, Context& context) {
  HANDSEL_TRY(check(options));
  if (options.kind == "judgments") return run_judgments(options, context);
  std::optional<catalog::Mapping> mapping;
  if (!options.map.empty()) {
    HANDSEL_ASSIGN(mapping, catalog::load_mapping(context.process.files, options.map));
  }
  HANDSEL_ASSIGN(const auto engine, open_engine(context, Folder::kMayBeMade, http_twin(options.kind)));
  std::uint64_t rejected = 0;
  auto outcomes = nlohmann::json::array();
  for (const std::string& file : options.files) {
    HANDSEL_ASSIGN(const Outcome outcome, Import(*engine, context, options, file).run(mapping));
    rejected += outcome.rejected;
    outcomes.push_back(for_programs(outcome));
    if (!context.json) context.print(for_people(outcome, options.kind));
  }
  if (context.json) context.print(nlohmann::json{{"kind", options.kind}, {"files", outcomes}}.dump() + "\n");
  return options.strict && rejected > 0 ? 1 : 0;
}

}  // namespace

Command import_command() {
  return {.name = "import",
          .summary = "Read files of listings, shops, taxonomy, reviews, events or judgments into a data folder",
          .example = "handsel import listings products.csv.gz --map mapping.toml --data shop",
          .declare = [](Flags& flags) -> Action {
            auto options = std::make_shared<Options>();
            flags.word_of(options->kind, "KIND", "What the files hold", kKinds);
            flags.words(options->files, "FILE", "Files, plain or compressed (gzip, zstd); - is standard input");
            flags.text(options->format, "--format",
                       "Shape of the files (docs/reference/import-formats.md, event-formats.md)");
            flags.text(options->map, "--map", "A mapping for listings of any other shape (TOML)");
            flags.text(options->queries, "--queries", "For judgments: CSV of query_id, query");
            flags.text(options->gains, "--gains",
                       "For judgments: what labels are worth, as in E=1,S=0.1; none: numbers");
            flags.boolean(options->strict, "--strict", "Exit with 1 where a row was rejected");
            flags.boolean(options->quiet, "--quiet", "No progress");
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace handsel::cli

// Our index on the peers' task: one text field, plain BM25, any word, top 10.
//
//   bench_ours_index --task index|search|open --folder F --mean-terms M ...
//
// The seven fields of a real listing and everything above the index are measured by
// ours_engine.cc. Here all text is the description, the other fields are empty, and
// the pivot of length normalisation is the mean length, so that scores are those of
// textbook BM25 up to their rounding to 8 bits.
#include <fmt/format.h>

#include "base/core/clock.h"
#include "harness.h"
#include "views/index/index.h"

namespace {

using namespace handsel;
using bench::Arguments;
using bench::need;
using bench::Report;

std::unique_ptr<index::Index> open_index(const Arguments& arguments, const text::Analyzer& analyzer) {
  index::IndexOptions options;
  auto& description = options.scoring.fields[static_cast<std::size_t>(index::Field::kDescription)];
  description = {.weight = 1, .b = 0.75, .length_pivot = arguments.number("mean-terms", 100)};
  const std::string folder = arguments.text("folder");
  need(real_file_system().make_folders(folder));
  return need(index::Index::open(real_file_system(), folder, analyzer, 1, options));
}

void index_corpus(const Arguments& arguments) {
  const text::Analyzer analyzer;
  double ms = 0;
  const Stopwatch opening;
  std::unique_ptr<index::Index> target = open_index(arguments, analyzer);
  ms += opening.elapsed_ms();
  std::uint64_t offset = 0;
  const std::uint64_t count = bench::read_corpus(arguments.text("corpus"), [&](std::span<const bench::Document> batch) {
    const Stopwatch watch;
    std::vector<catalog::Listing> listings;
    for (const bench::Document& row : batch)
      listings.push_back({.id = row.id, .description = row.text, .language = "en"});
    std::vector<index::Index::Change> changes;
    for (const catalog::Listing& listing : listings)
      changes.push_back({.listing = &listing, .id = listing.id, .position = {.partition = 0, .offset = offset++}});
    target->apply(changes, 1);
    ms += watch.elapsed_ms();
  });
  const Stopwatch committing;
  target->refresh();
  need(target->commit());
  ms += committing.elapsed_ms();
  const index::Index::Stats stats = target->stats();
  target.reset();
  Report("handsel", "index")
      .number("listings", static_cast<double>(count))
      .number("listings_per_second", 1000 * static_cast<double>(count) / ms)
      .number("segments", static_cast<double>(stats.segments))
      .number("index_bytes", static_cast<double>(bench::folder_bytes(arguments.text("folder"))))
      .print();
}

index::IndexQuery any_word(const text::Analyzer& analyzer, const std::string& query) {
  std::vector<text::Token> tokens;
  analyzer.analyze(query, "en", tokens);
  index::IndexQuery out{.match = index::Match::kAny, .top = 10};
  for (text::Token& token : tokens) out.groups.push_back({.variants = {{.term = std::move(token.term)}}});
  return out;
}

std::vector<std::string> ids_of(const index::Snapshot& snapshot, const index::IndexAnswer& answer) {
  std::vector<std::string> ids;
  for (const index::Hit& hit : answer.hits) ids.emplace_back(index::doc_info(snapshot, hit.doc).id);
  return ids;
}

void search_corpus(const Arguments& arguments) {
  const text::Analyzer analyzer;
  const std::unique_ptr<index::Index> source = open_index(arguments, analyzer);
  const std::shared_ptr<const index::Snapshot> snapshot = source->snapshot();
  const bench::Latencies latencies =
      bench::time_queries(bench::read_lines(arguments.text("queries")), {.results_path = arguments.text("results", "")},
                          [&](const std::string& text) {
                            const index::IndexQuery query = any_word(analyzer, text);
                            if (query.groups.empty()) return std::vector<std::string>();
                            return ids_of(*snapshot, need(index::search(*snapshot, query)));
                          });
  Report report("handsel", "search");
  report.number("listings", static_cast<double>(snapshot->live));
  latencies.report_to(report);
  report.print();
}

// A process that opens what is there and answers one query.
void open_corpus(const Arguments& arguments) {
  const text::Analyzer analyzer;
  bench::time_first_answer(
      "open", [&] { return open_index(arguments, analyzer); },
      [&](const index::Index& source, Report& report) {
        const std::shared_ptr<const index::Snapshot> snapshot = source.snapshot();
        const auto answer = need(index::search(*snapshot, any_word(analyzer, arguments.text("query", "silver ring"))));
        report.number("listings", static_cast<double>(snapshot->live))
            .number("hits", static_cast<double>(answer.hits.size()));
      });
}

}  // namespace

int main(int count, char** values) {
  const Arguments arguments(count, values);
  const std::string task = arguments.text("task");
  if (task == "index")
    index_corpus(arguments);
  else if (task == "search")
    search_corpus(arguments);
  else if (task == "open")
    open_corpus(arguments);
  else
    bench::stop("--task is index, search or open");
}

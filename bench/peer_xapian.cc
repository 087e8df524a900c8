// Xapian on the corpus: bench_xapian --task index|search --folder F ...
//
// Without positions and with English stems only, which is the least that the task
// needs; the top 10 by BM25 with the parameters that everybody else has.
#include <cstdlib>

#include <xapian.h>

#include "base/core/clock.h"
#include "harness.h"

namespace {

using handsel::Stopwatch;
using namespace handsel::bench;

void index_corpus(const Arguments& arguments) {
  const std::string folder = arguments.text("folder");
  setenv("XAPIAN_FLUSH_THRESHOLD", "100000", 1);
  double ms = 0;
  Stopwatch opening;
  Xapian::WritableDatabase database(folder, Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_SYNC);
  Xapian::TermGenerator generator;
  generator.set_stemmer(Xapian::Stem("english"));
  generator.set_stemming_strategy(Xapian::TermGenerator::STEM_ALL);
  ms += opening.elapsed_ms();
  const std::uint64_t listings = read_corpus(arguments.text("corpus"), [&](std::span<const Document> batch) {
    const Stopwatch watch;
    for (const Document& row : batch) {
      Xapian::Document document;
      document.set_data(row.id);
      generator.set_document(document);
      generator.index_text_without_positions(row.text);
      database.add_document(document);
    }
    ms += watch.elapsed_ms();
  });
  const Stopwatch committing;
  database.commit();
  ms += committing.elapsed_ms();
  Report("Xapian", "index")
      .text("version", Xapian::version_string())
      .number("listings", static_cast<double>(listings))
      .number("listings_per_second", 1000 * static_cast<double>(listings) / ms)
      .number("index_bytes", static_cast<double>(folder_bytes(folder)))
      .print();
}

void search_corpus(const Arguments& arguments) {
  const Xapian::Database database(arguments.text("folder"));
  Xapian::QueryParser parser;
  parser.set_stemmer(Xapian::Stem("english"));
  parser.set_stemming_strategy(Xapian::QueryParser::STEM_ALL);
  Xapian::Enquire enquire(database);
  enquire.set_weighting_scheme(Xapian::BM25Weight(1.2, 0, 1, 0.75, 0));  // k1, k2, k3, b, least length
  const Latencies latencies =
      time_queries(read_lines(arguments.text("queries")), {.results_path = arguments.text("results", "")},
                   [&](const std::string& text) {
                     enquire.set_query(parser.parse_query(text, 0));
                     std::vector<std::string> ids;
                     const Xapian::MSet hits = enquire.get_mset(0, 10);
                     for (auto hit = hits.begin(); hit != hits.end(); ++hit)
                       ids.push_back(hit.get_document().get_data());
                     return ids;
                   });
  Report report("Xapian", "search");
  latencies.report_to(report);
  report.print();
}

}  // namespace

int main(int count, char** values) {
  const Arguments arguments(count, values);
  try {
    arguments.text("task") == "index" ? index_corpus(arguments) : search_corpus(arguments);
  } catch (const Xapian::Error& error) {
    stop(error.get_description());
  }
}

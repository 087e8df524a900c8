// How long an imported encoder takes to read a query, and how many listings a second.
//
//   bench_encoder_bench FOLDER QUERIES [SEED]
//
// FOLDER is a published encoder (docs/howto/import-a-model.md), QUERIES a file with one
// query a line. Listings are drawn from the queries' words: titles of 10, descriptions
// of 60. One thread; the times are the thread's own on the processor.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sstream>
#include <string>
#include <vector>

#include "analysis/models/import_transformer.h"
#include "analysis/models/transformer_encoder.h"
#include "base/core/rng.h"
#include "harness.h"

namespace {

using namespace handsel;
using namespace handsel::models;

constexpr std::size_t kRounds = 5;
constexpr std::size_t kListings = 200;

double thread_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

std::string draw(const std::vector<std::string>& words, std::size_t count, Rng& rng) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? " " : "") + words[rng.below(words.size())];
  return text;
}

void measure_queries(const TextEncoder& encoder, const std::vector<std::string>& queries, bench::Report& report) {
  std::vector<float> out(encoder.dimensions());
  std::vector<double> times;
  for (std::size_t i = 0; i < queries.size() * kRounds; ++i) {
    const QueryInput query{.text = queries[i % queries.size()]};
    const double before = thread_ms();
    HANDSEL_CHECK(encoder.encode_queries({&query, 1}, out).has_value());
    times.push_back(thread_ms() - before);
  }
  std::ranges::sort(times);
  report.number("queries", static_cast<double>(times.size()))
      .number("p50_ms", times[times.size() / 2])
      .number("p99_ms", times[times.size() * 99 / 100]);
}

void measure_listings(const TextEncoder& encoder, const std::vector<std::string>& words, std::uint64_t seed,
                      bench::Report& report) {
  Rng rng(seed);
  std::vector<catalog::Listing> listings;
  for (std::size_t i = 0; i < kListings; ++i) {
    listings.push_back({.title = draw(words, 10, rng), .description = draw(words, 60, rng)});
  }
  std::vector<const catalog::Listing*> pointers;
  for (const catalog::Listing& listing : listings) pointers.push_back(&listing);
  std::vector<float> out(listings.size() * encoder.dimensions());
  const double before = thread_ms();
  HANDSEL_CHECK(encoder.encode_listings(pointers, out).has_value());
  report.number("listings_per_second", static_cast<double>(kListings) * 1e3 / (thread_ms() - before));
}

Result<void> measure(const std::string& folder, const std::string& path, std::uint64_t seed) {
  HANDSEL_ASSIGN(auto model, import_transformer(real_file_system(), folder));
  storage::Artefact artefact{.manifest = std::move(model.manifest), .files = {}};
  for (auto& [name, bytes] : model.files) artefact.files[name] = std::make_shared<HeapBytes>(std::move(bytes));
  const double before = thread_ms();
  HANDSEL_ASSIGN(const auto encoder, open_transformer(artefact));
  bench::Report report("handsel", "imported encoder");
  report.number("open_ms", thread_ms() - before).number("dimensions", static_cast<double>(encoder->dimensions()));
  HANDSEL_ASSIGN(const std::string text, real_file_system().read_file(path));
  std::vector<std::string> queries;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) queries.push_back(line);
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  if (words.empty()) return fail(Code::kInvalidData, "{} has no queries", path);
  measure_queries(*encoder, queries, report);
  measure_listings(*encoder, words, seed, report);
  report.print();
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: bench_encoder_bench FOLDER QUERIES [SEED]\n");
    return 2;
  }
  const auto done = measure(argv[1], argv[2], argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1);
  if (done) return 0;
  std::fprintf(stderr, "bench_encoder_bench: %s\n", done.error().message.c_str());
  return exit_code(done.error().code);
}

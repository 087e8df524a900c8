// Writes what every engine is given: corpus.tsv (id, tab, all text of a listing) and
// queries.txt, from the demo's generator.
//
//   bench_corpus --folder F --listings 1000000 --queries 1000 --seed 1
//
// Prints the mean length of a text in terms, which is the pivot of length
// normalisation that makes fixed pivots and running averages the same.
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "analysis/text/analyzer.h"
#include "app/demo/demo.h"
#include "harness.h"

namespace {

using namespace handsel;

constexpr std::uint64_t kMeasured = 20'000;  // listings whose length is measured

void append(std::string& out, std::string_view text) {
  if (!out.empty()) out.push_back(' ');
  for (const char c : text) out.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
}

std::string all_text(const catalog::Listing& listing) {
  std::string text;
  append(text, listing.title);
  for (const std::string& tag : listing.tags) append(text, tag);
  for (const std::string& material : listing.materials) append(text, material);
  for (const catalog::Attribute& attribute : listing.attributes) append(text, attribute.value);
  append(text, listing.shop_name);
  for (const std::string& name : listing.taxonomy_path) append(text, name);
  append(text, listing.description);
  return text;
}

std::FILE* open_file(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) bench::stop("cannot write " + path);
  return file;
}

double write_listings(const demo::Marketplace& market, std::uint64_t listings, const std::string& path) {
  const text::Analyzer analyzer;
  std::FILE* out = open_file(path);
  std::uint64_t terms = 0;
  for (std::uint64_t number = 0; number < listings; ++number) {
    const catalog::Listing listing = market.listing(number);
    const std::string text = all_text(listing);
    fmt::print(out, "{}\t{}\n", listing.id, text);
    if (number < kMeasured) {
      std::vector<text::Token> tokens;
      analyzer.analyze(text, "en", tokens);
      terms += tokens.size();
    }
  }
  std::fclose(out);
  return static_cast<double>(terms) / static_cast<double>(std::min(listings, kMeasured));
}

}  // namespace

int main(int count, char** values) {
  const bench::Arguments arguments(count, values);
  const std::string folder = arguments.text("folder");
  std::filesystem::create_directories(folder);
  const auto listings = static_cast<std::uint64_t>(arguments.number("listings", 1'000'000));
  const auto seed = static_cast<std::uint64_t>(arguments.number("seed", 1));
  const auto market = demo::Marketplace::create({.seed = seed, .listings = listings});
  if (!market) bench::stop(market.error().message);

  const double mean_terms = write_listings(*market, listings, folder + "/corpus.tsv");
  std::FILE* out = open_file(folder + "/queries.txt");
  const auto queries = market->queries(static_cast<std::size_t>(arguments.number("queries", 1'000)));
  for (const demo::Query& query : queries) fmt::print(out, "{}\n", query.text);
  std::fclose(out);
  bench::Report("handsel demo", "corpus")
      .number("listings", static_cast<double>(listings))
      .number("queries", static_cast<double>(queries.size()))
      .number("seed", static_cast<double>(seed))
      .number("mean_terms", mean_terms)
      .number("corpus_bytes", static_cast<double>(bench::folder_bytes(folder + "/corpus.tsv")))
      .print();
}

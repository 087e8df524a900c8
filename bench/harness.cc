#include "harness.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>

#include <fmt/format.h>
#include <sys/resource.h>

#include "base/core/clock.h"

namespace handsel::bench {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (static_cast<unsigned char>(c) >= 0x20) out.push_back(c);
  }
  return out + "\"";
}

double peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

}  // namespace

void stop(std::string_view message) {
  fmt::print(stderr, "bench: {}\n", message);
  std::exit(1);
}

std::uint64_t read_corpus(const std::string& path, const std::function<void(std::span<const Document>)>& visit) {
  std::ifstream in(path);
  if (!in) stop("cannot read " + path);
  std::uint64_t count = 0;
  std::vector<Document> batch;
  for (std::string line; std::getline(in, line);) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) stop("a line without a tab in " + path);
    batch.push_back({.id = line.substr(0, tab), .text = line.substr(tab + 1)});
    ++count;
    if (batch.size() == kBatch) {
      visit(batch);
      batch.clear();
    }
  }
  if (!batch.empty()) visit(batch);
  return count;
}

std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream in(path);
  if (!in) stop("cannot read " + path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::uint64_t folder_bytes(const std::string& path) {
  std::uint64_t bytes = 0;
  if (std::filesystem::is_regular_file(path)) return std::filesystem::file_size(path);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

Arguments::Arguments(int count, char** values) {
  for (int i = 1; i + 1 < count; i += 2) values_[values[i]] = values[i + 1];
}

std::string Arguments::text(const std::string& name) const {
  const auto found = values_.find("--" + name);
  if (found == values_.end()) stop("--" + name + " is missing");
  return found->second;
}

std::string Arguments::text(const std::string& name, const std::string& otherwise) const {
  const auto found = values_.find("--" + name);
  return found == values_.end() ? otherwise : found->second;
}

double Arguments::number(const std::string& name, double otherwise) const {
  const auto found = values_.find("--" + name);
  return found == values_.end() ? otherwise : std::atof(found->second.c_str());
}

std::vector<std::string> read_people(const Arguments& arguments) {
  const std::string path = arguments.text("people", "");
  if (path.empty()) return {""};
  std::vector<std::string> people = read_lines(path);
  if (people.empty()) stop(path + " names nobody");
  return people;
}

Report::Report(std::string_view engine, std::string_view task) {
  fields_ = fmt::format("\"engine\": {}, \"task\": {}", quoted(engine), quoted(task));
}

Report& Report::text(std::string_view key, std::string_view value) {
  fields_ += fmt::format(", {}: {}", quoted(key), quoted(value));
  return *this;
}

Report& Report::number(std::string_view key, double value) {
  fields_ += fmt::format(", {}: {}", quoted(key), std::isfinite(value) ? fmt::format("{:.6g}", value) : "null");
  return *this;
}

void Report::print() const {
  fmt::print("{{{}, \"peak_memory_bytes\": {:.0f}}}\n", fields_, peak_memory_bytes());
  std::fflush(stdout);
}

double Latencies::total_ms() const {
  return std::accumulate(ms_.begin(), ms_.end(), 0.0);
}

double Latencies::percentile(double share) const {
  if (ms_.empty()) return 0;
  std::vector<double> sorted = ms_;
  const auto place = static_cast<std::ptrdiff_t>(std::ceil(share * static_cast<double>(sorted.size()))) - 1;
  const auto nth = sorted.begin() + std::max<std::ptrdiff_t>(place, 0);
  std::nth_element(sorted.begin(), nth, sorted.end());
  return *nth;
}

void Latencies::report_to(Report& report) const {
  report.number("queries", static_cast<double>(ms_.size()))
      .number("queries_per_second", 1000 * static_cast<double>(ms_.size()) / total_ms())
      .number("p50_ms", percentile(0.5))
      .number("p99_ms", percentile(0.99));
}

Latencies time_queries(const std::vector<std::string>& queries, const QueryTiming& timing, const Answer& answer) {
  const Stopwatch whole;
  std::FILE* results = timing.results_path.empty() ? nullptr : std::fopen(timing.results_path.c_str(), "w");
  Latencies warm_up;
  Latencies latencies;
  for (std::size_t pass = 0; pass <= timing.passes; ++pass) {
    for (const std::string& query : queries) {
      if (pass > 0 && whole.elapsed_ms() > 1000 * timing.seconds_max) break;
      const Stopwatch watch;
      const std::vector<std::string> ids = answer(query);
      const double ms = watch.elapsed_ms();
      (pass > 0 ? latencies : warm_up).add(ms);
      if (pass == 0 && results) fmt::print(results, "{}\n", fmt::join(ids, "\t"));
    }
  }
  if (results) std::fclose(results);
  // One that is too slow for a second pass is judged by the first.
  return latencies.count() > 0 ? latencies : warm_up;
}

}  // namespace handsel::bench

// What the benchmark programs share: reading the corpus, timing queries, and one
// JSON object per program on standard output, which bench/report.py turns into
// docs/reference/measured.md.
//
// Each engine runs in processes of its own, so that the peak of resident memory is
// its own. Clocks run around the engine's calls only, not around reading files.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/core/clock.h"
#include "base/core/result.h"

namespace handsel::bench {

// A line of the corpus: id, tab, the whole text of one listing.
struct Document {
  std::string id;
  std::string text;
};

inline constexpr std::size_t kBatch = 1'000;

// Calls `visit` with batches of kBatch documents; returns how many there were. Ends
// the program where the file cannot be read.
std::uint64_t read_corpus(const std::string& path, const std::function<void(std::span<const Document>)>& visit);
std::vector<std::string> read_lines(const std::string& path);

std::uint64_t folder_bytes(const std::string& path);

// "--name value" pairs of a command line.
class Arguments {
 public:
  Arguments(int count, char** values);
  // Ends the program with a line where the argument is missing.
  std::string text(const std::string& name) const;
  std::string text(const std::string& name, const std::string& otherwise) const;
  double number(const std::string& name, double otherwise) const;

 private:
  std::map<std::string, std::string> values_;
};

// The lines of the file that --people names; without it one empty line: nobody. Ends the program where the file is
// empty.
std::vector<std::string> read_people(const Arguments& arguments);

// One measurement in the making. print() adds the process's peak memory.
class Report {
 public:
  Report(std::string_view engine, std::string_view task);
  Report& text(std::string_view key, std::string_view value);
  Report& number(std::string_view key, double value);
  void print() const;

 private:
  std::string fields_;
};

// Milliseconds of many calls.
class Latencies {
 public:
  void add(double ms) { ms_.push_back(ms); }
  std::size_t count() const { return ms_.size(); }
  // Adds queries, queries_per_second, p50_ms, p99_ms.
  void report_to(Report& report) const;
  double total_ms() const;
  double percentile(double share) const;

 private:
  std::vector<double> ms_;
};

struct QueryTiming {
  std::string results_path;  // ids of the first pass, tab separated, a line a query; empty: not kept
  std::size_t passes = 3;    // timed, after one that is not
  // An engine that is slower is stopped, and says how far it came; the first pass is always whole.
  double seconds_max = 120;
};
using Answer = std::function<std::vector<std::string>(const std::string& query)>;
Latencies time_queries(const std::vector<std::string>& queries, const QueryTiming& timing, const Answer& answer);

// Ends the program with a line on standard error.
[[noreturn]] void stop(std::string_view message);

// The value, or the end of the program.
template <typename T>
T need(Result<T> result) {
  if (!result) stop(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// Reports how long it took to open something and to have a first answer. `open` returns what
// answers; `answer` asks it, and adds to the report.
template <typename Open, typename Answer>
void time_first_answer(std::string_view task, Open&& open, Answer&& answer) {
  const Stopwatch watch;
  const auto opened = open();
  const double open_ms = watch.elapsed_ms();
  Report report("handsel", task);
  answer(*opened, report);
  report.number("open_ms", open_ms).number("first_answer_ms", watch.elapsed_ms()).print();
}

}  // namespace handsel::bench

// Nearest vectors: ours. Peers in programs of their own: vectors_peer_hnswlib.cc,
// vectors_peer_faiss.cc. The same vectors, queries and exact answers for all.
//
//   bench_vectors_bench --folder F [--count 1000000] [--dimensions 96] [--queries 1000] [--seed 1]
#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "base/core/clock.h"
#include "vectors_data.h"
#include "views/vectors/vector_index.h"

namespace {

using namespace handsel;
using bench::Report;

template <typename T>
T need(Result<T> result) {
  if (!result) bench::stop(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

vectors::VectorOptions options_for(const bench::VectorSet& set) {
  // One graph, built by compact(): what a night's rebuild does, and what the peers do.
  return {.dimensions = set.dimensions,
          .fingerprint = "bench",
          .tail_max = 2 * set.size(),
          .background = false,
          .build_threads = 2};
}

std::unique_ptr<vectors::VectorIndex> open(const std::string& folder, const bench::VectorSet& set) {
  return need(vectors::VectorIndex::open(real_file_system(), folder, 1, options_for(set)));
}

void build(const std::string& folder, const bench::VectorSet& set) {
  std::filesystem::remove_all(folder);
  auto index = open(folder, set);
  const Stopwatch loading;
  for (std::size_t i = 0; i < set.size(); ++i) {
    need(index->upsert(fmt::format("{}", i), set.row(i), 0, 0, i));
    if (i % 10'000 == 9'999) index->refresh();
  }
  index->refresh();
  const double load_ms = loading.elapsed_ms();
  const Stopwatch building;
  need(index->compact());
  const auto stats = index->stats();
  Report("handsel", "vectors build")
      .number("vectors", static_cast<double>(set.size()))
      .number("dimensions", static_cast<double>(set.dimensions))
      .number("load_seconds", load_ms / 1000)
      .number("build_seconds", building.elapsed_ms() / 1000)
      .number("bytes_a_vector", static_cast<double>(stats.bytes_on_disk) / static_cast<double>(set.size()))
      .number("recall_measured", stats.recall_at_100)
      .print();
}

std::uint32_t number_of(std::string_view id) {
  std::uint32_t number = 0;
  std::from_chars(id.data(), id.data() + id.size(), number);
  return number;
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const bench::VectorSet set = bench::make_vector_set(arguments);
  const std::string folder = arguments.text("folder") + "/handsel";
  if (arguments.number("build", 1) != 0) build(folder, set);

  const Stopwatch opening;
  const auto index = open(folder, set);
  Report("handsel", "vectors open").number("open_ms", opening.elapsed_ms()).print();

  const auto snapshot = index->snapshot();
  const auto ask = [&](std::span<const float> query, std::size_t effort) {
    std::vector<std::uint32_t> numbers;
    for (const auto& hit : snapshot->search({.vector = query, .top = bench::kVectorTop, .effort = effort}))
      numbers.push_back(number_of(hit.id));
    return numbers;
  };
  constexpr std::size_t kEfforts[] = {100, 110, 120, 130, 150, 170, 200, 250, 300, 400, 500, 700, 1000};
  bench::sweep_efforts("handsel", set, kEfforts, ask);
  // What a caller gets who does not choose.
  constexpr std::size_t kOwnChoice[] = {0};
  bench::sweep_efforts("handsel, its own choice", set, kOwnChoice, ask);
}

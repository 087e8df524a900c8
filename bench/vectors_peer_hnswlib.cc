// Nearest vectors: hnswlib itself, with the instructions of this machine (bench/CMakeLists.txt).
#include <atomic>
#include <filesystem>
#include <thread>

#include <hnswlib/hnswlib.h>

#include "base/core/clock.h"
#include "vectors_data.h"

int main(int argc, char** argv) {
  using namespace handsel;
  const bench::Arguments arguments(argc, argv);
  const bench::VectorSet set = bench::make_vector_set(arguments);
  constexpr std::size_t kLinks = 16;
  constexpr std::size_t kBuildEffort = 200;  // both are the library's defaults
  constexpr std::size_t kThreads = 2;
  hnswlib::InnerProductSpace space(set.dimensions);
  hnswlib::HierarchicalNSW<float> index(&space, set.size(), kLinks, kBuildEffort);
  const Stopwatch building;
  index.addPoint(set.row(0).data(), 0);
  {
    std::atomic<std::size_t> next{1};
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (std::size_t i; (i = next.fetch_add(1)) < set.size();) index.addPoint(set.row(i).data(), i);
      });
    }
  }
  const double build_ms = building.elapsed_ms();
  const std::string path = arguments.text("folder") + "/hnswlib";
  index.saveIndex(path);
  bench::Report("hnswlib", "vectors build")
      .number("vectors", static_cast<double>(set.size()))
      .number("dimensions", static_cast<double>(set.dimensions))
      .number("build_seconds", build_ms / 1000)
      .number("bytes_a_vector", static_cast<double>(std::filesystem::file_size(path)) / static_cast<double>(set.size()))
      .print();
  {
    const Stopwatch opening;
    const hnswlib::HierarchicalNSW<float> opened(&space, path);
    bench::Report("hnswlib", "vectors open").number("open_ms", opening.elapsed_ms()).print();
  }
  std::filesystem::remove(path);
  const auto ask = [&](std::span<const float> query, std::size_t effort) {
    index.setEf(effort);
    auto queue = index.searchKnn(query.data(), bench::kVectorTop);
    std::vector<std::uint32_t> numbers;
    for (; !queue.empty(); queue.pop()) numbers.push_back(static_cast<std::uint32_t>(queue.top().second));
    return numbers;
  };
  constexpr std::size_t kEfforts[] = {100, 110, 120, 130, 150, 170, 200, 250, 300, 400, 500, 700, 1000};
  bench::sweep_efforts("hnswlib", set, kEfforts, ask);
}

// Nearest vectors: faiss as Debian builds it: its HNSW, its inverted lists, and looking at all.
//
//   bench_vectors_peer_faiss --index hnsw|ivf|flat ...
#include <filesystem>

#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/index_io.h>
#include <omp.h>

#include "base/core/clock.h"
#include "vectors_data.h"

namespace {

using namespace handsel;

std::vector<std::uint32_t> nearest(const faiss::Index& index, std::span<const float> query) {
  std::vector<float> scores(bench::kVectorTop);
  std::vector<faiss::Index::idx_t> found(bench::kVectorTop);
  index.search(1, query.data(), static_cast<faiss::Index::idx_t>(bench::kVectorTop), scores.data(), found.data());
  return {found.begin(), found.end()};
}

void build(const std::string& name, faiss::Index& index, const bench::VectorSet& set, const std::string& folder) {
  constexpr int kThreads = 2;
  omp_set_num_threads(kThreads);
  const Stopwatch building;
  // A sample is enough to place the centres of the lists.
  const std::size_t sample = std::min<std::size_t>(set.size(), 100'000);
  index.train(static_cast<faiss::Index::idx_t>(sample), set.rows.data());
  index.add(static_cast<faiss::Index::idx_t>(set.size()), set.rows.data());
  const double build_ms = building.elapsed_ms();
  const std::string path = folder + "/faiss";
  faiss::write_index(&index, path.c_str());
  bench::Report(name, "vectors build")
      .number("vectors", static_cast<double>(set.size()))
      .number("dimensions", static_cast<double>(set.dimensions))
      .number("build_seconds", build_ms / 1000)
      .number("bytes_a_vector", static_cast<double>(std::filesystem::file_size(path)) / static_cast<double>(set.size()))
      .print();
  std::filesystem::remove(path);
  omp_set_num_threads(1);
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const bench::VectorSet set = bench::make_vector_set(arguments);
  const std::string folder = arguments.text("folder");
  const std::string kind = arguments.text("index", "hnsw");
  const auto dimensions = static_cast<int>(set.dimensions);
  if (kind == "hnsw") {
    constexpr int kLinks = 16;
    faiss::IndexHNSWFlat index(dimensions, kLinks, faiss::METRIC_INNER_PRODUCT);
    index.hnsw.efConstruction = 200;
    build("faiss HNSW", index, set, folder);
    constexpr std::size_t kEfforts[] = {100, 120, 150, 200, 250, 300, 400, 500, 700, 1000};
    bench::sweep_efforts("faiss HNSW", set, kEfforts, [&](std::span<const float> query, std::size_t effort) {
      index.hnsw.efSearch = static_cast<int>(effort);
      return nearest(index, query);
    });
  } else if (kind == "ivf") {
    constexpr std::size_t kLists = 1024;
    faiss::IndexFlatIP coarse(dimensions);
    faiss::IndexIVFFlat index(&coarse, set.dimensions, kLists, faiss::METRIC_INNER_PRODUCT);
    build("faiss IVF", index, set, folder);
    constexpr std::size_t kEfforts[] = {4, 8, 16, 24, 32, 48, 64, 96, 128, 256};
    bench::sweep_efforts("faiss IVF", set, kEfforts, [&](std::span<const float> query, std::size_t effort) {
      index.nprobe = effort;
      return nearest(index, query);
    });
  } else {
    faiss::IndexFlatIP index(dimensions);
    build("faiss flat", index, set, folder);
    constexpr std::size_t kEfforts[] = {0};
    bench::sweep_efforts("faiss flat", set, kEfforts,
                         [&](std::span<const float> query, std::size_t) { return nearest(index, query); });
  }
}

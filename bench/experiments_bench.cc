// How fast an experiment of many units is analysed: twenty metrics, CUPED on each, one mediation, in one pass.
//
//   bench_experiments_bench [MILLIONS_OF_UNITS (10)] [THREADS (2)]
//
// The units come from a generator (seed 1) in chunks of 65,536 rows; the time that generating takes is measured alone,
// too, because a file of columns would have to be read instead.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "base/core/rng.h"
#include "proof/estimators/difference.h"
#include "proof/reports/stream.h"

namespace {

using namespace handsel;

constexpr std::size_t kMetrics = 20;
constexpr std::size_t kChunkRows = 65'536;

// Values that are cheap to draw: sums of two uniform numbers, with a correlation and an effect.
void fill(std::size_t number, experiments::Chunk& chunk) {
  Rng rng = Rng(1).split(number);
  chunk.arm.resize(kChunkRows);
  chunk.mediator.resize(kChunkRows);
  chunk.metrics.resize(kMetrics);
  chunk.before.resize(kMetrics);
  for (std::size_t row = 0; row < kChunkRows; ++row) {
    chunk.arm[row] = static_cast<std::uint8_t>(rng() >> 63);
    chunk.mediator[row] = rng.uniform() - 0.1 * chunk.arm[row];
  }
  constexpr double kScale = 1.0 / 4294967296.0;
  for (std::size_t m = 0; m < kMetrics; ++m) {
    chunk.metrics[m].resize(kChunkRows);
    chunk.before[m].resize(kChunkRows);
    for (std::size_t row = 0; row < kChunkRows; ++row) {
      const std::uint64_t draw = rng();
      const double before = static_cast<double>(draw >> 32) * kScale;
      chunk.before[m][row] = before;
      chunk.metrics[m][row] =
          before + static_cast<double>(draw & 0xffffffffu) * kScale + 0.01 * chunk.arm[row] + 0.3 * chunk.mediator[row];
    }
  }
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

long peak_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtol(line.c_str() + 6, nullptr, 10);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const double millions = argc > 1 ? std::atof(argv[1]) : 10;
  const std::size_t threads = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 2;
  const auto chunks = static_cast<std::size_t>(millions * 1e6 / kChunkRows) + 1;
  ThreadPool pool(threads > 1 ? threads - 1 : 1);

  auto start = std::chrono::steady_clock::now();
  std::atomic<std::size_t> next = 0;
  pool.parallel_for(pool.size() + 1, [&](std::size_t) {
    experiments::Chunk chunk;
    for (std::size_t number = next++; number < chunks; number = next++) fill(number, chunk);
  });
  const double generating = seconds_since(start);

  start = std::chrono::steady_clock::now();
  const auto arms = experiments::stream(
      {.chunks = chunks, .metrics = kMetrics, .pilot = {.mediator = 0.45, .outcome = 1.1}}, fill, pool);
  if (!arms) return 1;
  double sum = 0;
  for (std::size_t m = 0; m < kMetrics; ++m) {
    const auto pair = estimators::moments_pair((*arms)[0].metrics[m], (*arms)[1].metrics[m], true);
    if (pair) sum += estimators::difference_of(*pair, 0.95).estimate;
  }
  const auto effects = mediation::mediate_moments((*arms)[0].mediation, (*arms)[1].mediation, 0.95);
  const double whole = seconds_since(start);
  if (!effects) return 1;
  std::printf("%zu units, %zu metrics with CUPED, one mediation, %zu threads\n", chunks * kChunkRows, kMetrics,
              pool.size() + 1);
  std::printf("generating alone %.2f s, generating and analysing %.2f s, so analysing %.2f s; peak memory %.2f GB\n",
              generating, whole, whole - generating, static_cast<double>(peak_kilobytes()) / 1e6);
  std::printf("mean difference %.17g, direct %.17g, indirect %.17g\n", sum / kMetrics, effects->direct[0].estimate,
              effects->indirect[1].estimate);
  return 0;
}

#include "vectors_data.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>

#include "base/core/clock.h"
#include "base/core/rng.h"
#include "base/math/vector_kernels.h"

namespace handsel::bench {
namespace {

constexpr std::size_t kKinds = 200;
constexpr std::size_t kSorts = 20;
constexpr std::size_t kDirections = 32;
constexpr std::size_t kThreads = 2;
constexpr std::uint64_t kQueryStream = 1ull << 40;

// About normal: the sum of twelve uniform draws, less six.
float about_normal(Rng& rng) {
  constexpr double kUnit = 1.0 / 65536;
  double sum = -6;
  for (int i = 0; i < 3; ++i) {
    const std::uint64_t word = rng();
    for (int shift = 0; shift < 64; shift += 16) sum += static_cast<double>((word >> shift) & 0xffff) * kUnit;
  }
  return static_cast<float>(sum);
}

std::vector<float> normal_vector(Rng rng, std::size_t size) {
  std::vector<float> v(size);
  for (float& value : v) value = about_normal(rng);
  return v;
}

class Source {
 public:
  Source(std::size_t dimensions, std::uint64_t seed) : dimensions_(dimensions), items_(Rng(seed).split(3)) {
    const Rng kinds = Rng(seed).split(1);
    const Rng sorts = Rng(seed).split(2);
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      const std::vector<float> base = normal_vector(kinds.split(kind), dimensions);
      for (std::size_t sort = 0; sort < kSorts; ++sort) {
        std::vector<float> centre = normal_vector(sorts.split(kind * kSorts + sort), dimensions);
        for (std::size_t i = 0; i < dimensions; ++i) centre[i] = base[i] + 0.7f * centre[i];
        centres_.push_back(std::move(centre));
      }
    }
    for (std::size_t i = 0; i < kDirections; ++i)
      directions_.push_back(normal_vector(Rng(seed).split(4).split(i), dimensions));
  }

  void fill(std::uint64_t stream, std::span<float> out) const {
    Rng rng = items_.split(stream);
    const std::vector<float>& centre = centres_[rng.below(centres_.size())];
    for (std::size_t i = 0; i < dimensions_; ++i) out[i] = centre[i] + 0.1f * about_normal(rng);
    for (const std::vector<float>& direction : directions_) {
      const float along = 0.25f * about_normal(rng);
      for (std::size_t i = 0; i < dimensions_; ++i) out[i] += along * direction[i];
    }
    double square = 0;
    for (const float value : out) square += static_cast<double>(value) * value;
    for (float& value : out) value = static_cast<float>(value / std::sqrt(square));
  }

 private:
  std::size_t dimensions_;
  Rng items_;
  std::vector<std::vector<float>> centres_;
  std::vector<std::vector<float>> directions_;
};

template <typename Work>
void on_threads(std::size_t count, Work&& work) {
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([=, &work] {
      for (std::size_t i = t; i < count; i += kThreads) work(i);
    });
  }
}

std::vector<std::uint32_t> exact_answer(const VectorSet& set, std::span<const float> query) {
  std::vector<std::pair<float, std::uint32_t>> scores(set.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const float score = vector_kernels().dot_f32(query.data(), set.row(i).data(), set.dimensions);
    scores[i] = {-score, static_cast<std::uint32_t>(i)};
  }
  const std::size_t top = std::min(kVectorTop, scores.size());
  std::ranges::nth_element(scores, scores.begin() + static_cast<std::ptrdiff_t>(top - 1));
  std::vector<std::uint32_t> answer;
  for (std::size_t i = 0; i < top; ++i) answer.push_back(scores[i].second);
  std::ranges::sort(answer);
  return answer;
}

// Time that this thread had a core: what is left when others on the machine are taken away.
double thread_busy_ms() {
  std::timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

void find_exact(VectorSet& set, const std::string& path, std::size_t queries) {
  set.exact.resize(queries);
  const std::size_t top = std::min(kVectorTop, set.size());
  if (std::filesystem::exists(path) && std::filesystem::file_size(path) == queries * top * 4) {
    std::ifstream in(path, std::ios::binary);
    for (auto& answer : set.exact) {
      answer.resize(top);
      in.read(reinterpret_cast<char*>(answer.data()), static_cast<std::streamsize>(top * 4));
    }
    return;
  }
  const Stopwatch watch;
  on_threads(queries, [&](std::size_t i) { set.exact[i] = exact_answer(set, set.query(i)); });
  std::ofstream out(path, std::ios::binary);
  for (const auto& answer : set.exact)
    out.write(reinterpret_cast<const char*>(answer.data()), static_cast<std::streamsize>(top * 4));
  fmt::print(stderr, "exact answers: {:.0f} ms\n", watch.elapsed_ms());
}

}  // namespace

VectorSet make_vector_set(const Arguments& arguments) {
  const auto count = static_cast<std::size_t>(arguments.number("count", 1'000'000));
  const auto queries = static_cast<std::size_t>(arguments.number("queries", 1'000));
  const auto seed = static_cast<std::uint64_t>(arguments.number("seed", 1));
  VectorSet set{.dimensions = static_cast<std::size_t>(arguments.number("dimensions", 96))};
  const Source source(set.dimensions, seed);
  set.rows.resize(count * set.dimensions);
  set.queries.resize(queries * set.dimensions);
  on_threads(count,
             [&](std::size_t i) { source.fill(i, std::span(set.rows).subspan(i * set.dimensions, set.dimensions)); });
  for (std::size_t i = 0; i < queries; ++i)
    source.fill(kQueryStream + i, std::span(set.queries).subspan(i * set.dimensions, set.dimensions));
  const std::string folder = arguments.text("folder");
  std::filesystem::create_directories(folder);
  find_exact(set, fmt::format("{}/exact-{}-{}-{}", folder, count, set.dimensions, seed), queries);
  return set;
}

void sweep_efforts(std::string_view engine, const VectorSet& set, std::span<const std::size_t> efforts,
                   const AskNearest& ask) {
  constexpr double kRecallEnough = 0.99;
  constexpr int kPasses = 2;  // after one that is not timed
  for (const std::size_t effort : efforts) {
    Latencies latencies;
    Latencies busy;
    std::size_t found = 0;
    for (int pass = 0; pass <= kPasses; ++pass) {
      for (std::size_t i = 0; i < set.exact.size(); ++i) {
        const double busy_before = thread_busy_ms();
        const Stopwatch watch;
        const std::vector<std::uint32_t> answer = ask(set.query(i), effort);
        const double ms = watch.elapsed_ms();
        if (pass > 0) {
          latencies.add(ms);
          busy.add(thread_busy_ms() - busy_before);
          continue;
        }
        for (const std::uint32_t number : answer) found += std::ranges::binary_search(set.exact[i], number) ? 1 : 0;
      }
    }
    const double wanted = static_cast<double>(set.exact.size() * std::min(kVectorTop, set.size()));
    const double recall = static_cast<double>(found) / wanted;
    Report report(engine, "vectors search");
    report.number("effort", static_cast<double>(effort)).number("recall_at_100", recall);
    latencies.report_to(report);
    report.number("busy_p50_ms", busy.percentile(0.5)).number("busy_p99_ms", busy.percentile(0.99)).print();
    if (recall > kRecallEnough) break;
  }
}

}  // namespace handsel::bench

// How many events a second the embedded log makes durable: batches of records with
// idempotency keys, from one or more callers at once.
//
//   log_bench FOLDER [--threads 1] [--events 1000000] [--batch 1000] [--bytes 150]
//
// FOLDER must not exist yet, or hold a log that may grow. Prints one line: events,
// seconds, events/s, and how long a caller waited for an append.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/core/clock.h"
#include "base/core/progress.h"
#include "base/core/rng.h"
#include "facts/log/embedded_log.h"

namespace handsel {
namespace {

struct Settings {
  std::string folder;
  std::size_t threads = 1;
  std::size_t events = 1'000'000;
  std::size_t batch = 1000;
  std::size_t bytes = 150;
};

std::vector<log::NewRecord> make_batch(Rng& rng, const Settings& settings) {
  std::vector<log::NewRecord> records(settings.batch);
  for (log::NewRecord& record : records) {
    record.key = fmt::format("session-{:08x}", rng.below(1 << 20));
    record.idempotency_key = fmt::format("{:016x}{:016x}", rng(), rng());
    // Half of it repeats, as field names and identifiers of real events do.
    record.payload.assign(settings.bytes / 2, 'x');
    while (record.payload.size() < settings.bytes) record.payload.push_back(static_cast<char>(rng()));
  }
  return records;
}

std::vector<double> append_share(log::Log& log, const Settings& settings, std::uint64_t seed,
                                 std::atomic<std::size_t>& left) {
  Rng rng(seed);
  std::vector<double> latencies_ms;
  while (true) {
    std::size_t before = left.load();
    while (before >= settings.batch && !left.compare_exchange_weak(before, before - settings.batch)) {
    }
    if (before < settings.batch) return latencies_ms;
    const auto records = make_batch(rng, settings);
    const Stopwatch watch;
    if (const auto appended = log.append(log::Topic::kEvents, records); !appended) {
      std::fprintf(stderr, "%s\n", appended.error().message.c_str());
      std::exit(4);
    }
    latencies_ms.push_back(watch.elapsed_ms());
  }
}

int run(const Settings& settings) {
  const SystemClock clock;
  const auto log = log::open_embedded_log({.folder = settings.folder}, clock);
  if (!log) {
    std::fprintf(stderr, "%s\n", log.error().message.c_str());
    return 4;
  }
  std::atomic<std::size_t> left = settings.events;
  std::vector<std::vector<double>> latencies_ms(settings.threads);
  const Stopwatch watch;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < settings.threads; ++i) {
      threads.emplace_back([&, i] {
        latencies_ms[i] = append_share(**log, settings, static_cast<std::uint64_t>(clock.now_ms()) + i, left);
      });
    }
  }
  const double seconds = watch.elapsed_ms() / 1000;
  std::vector<double> all;
  for (const auto& some : latencies_ms) all.insert(all.end(), some.begin(), some.end());
  std::ranges::sort(all);
  const double done = static_cast<double>(all.size() * settings.batch);
  std::printf("%s events, %zu callers, batches of %zu: %.2f s, %s events/s; append p50 %.1f ms, p99 %.1f ms\n",
              with_commas(all.size() * settings.batch).c_str(), settings.threads, settings.batch, seconds,
              with_commas(static_cast<std::uint64_t>(done / seconds)).c_str(), all[all.size() / 2],
              all[all.size() * 99 / 100]);
  return 0;
}

}  // namespace
}  // namespace handsel

int main(int argc, char** argv) {
  handsel::Settings settings;
  if (argc < 2 || argc % 2 != 0) {
    std::fprintf(stderr, "usage: log_bench FOLDER [--threads N] [--events N] [--batch N] [--bytes N]\n");
    return 2;
  }
  settings.folder = argv[1];
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string_view flag = argv[i];
    const std::size_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (flag == "--threads") settings.threads = std::max<std::size_t>(value, 1);
    if (flag == "--events") settings.events = std::max(value, settings.batch);
    if (flag == "--batch") settings.batch = std::max<std::size_t>(value, 1);
    if (flag == "--bytes") settings.bytes = value;
  }
  return handsel::run(settings);
}

// How long the assignment of one search takes in the engine: 20 experiments in five layers of four slices, with a
// holdout, targeting by country and ramps, of which a search is in five at most; the lookup of what was decided, with
// one of them stopped; and the note of whom to expose. Times are of the processor, of one thread.
//
//   bench_served_assignment_bench [THOUSANDS_OF_SEARCHES (500)]
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "app/engine/decided_experiments.h"
#include "app/engine/experiments.h"
#include "app/engine/exposures.h"
#include "facts/log/embedded_log.h"

namespace {

using namespace handsel;

constexpr std::size_t kExperiments = 20;
constexpr std::size_t kVisitors = 100'000;

double cpu_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// Layers set different parameters of the search; slices of one layer may set the same.
std::string definitions() {
  constexpr const char* kParameters[] = {"'search.meaning' = false", "'search.per_shop' = 3",
                                         "'search.explore' = false", "'search.session' = false",
                                         "'search.ranker' = 'none'"};
  std::string toml = "holdout = 0.02\n";
  for (std::size_t layer = 0; layer < 5; ++layer) {
    for (std::size_t slice = 0; slice < 4; ++slice) {
      toml += fmt::format(
          "[[experiment]]\nname = 'experiment-{0}-{1}'\nlayer = 'layer-{0}'\nslice = [{2}, {3}]\n"
          "targeting = {{ country = ['at', 'ch', 'de', 'fr'] }}\n"
          "ramp = [ {{ from = 2025-01-01T00:00:00Z, share = 0.9 }} ]\n"
          "[[experiment.variant]]\nname = 'control'\n[[experiment.variant]]\nname = 'new'\nparameters = {{ {4} }}\n",
          layer, slice, 0.25 * static_cast<double>(slice), 0.25 * static_cast<double>(slice + 1), kParameters[layer]);
    }
  }
  return toml;
}

void print(const char* what, double ns, std::size_t searches, std::size_t assigned) {
  const auto each = ns / static_cast<double>(searches);
  std::printf("%-52s %8.0f ns a search, %6.1f ns an experiment, %.2f assigned\n", what, each,
              each / static_cast<double>(kExperiments), static_cast<double>(assigned) / static_cast<double>(searches));
}

}  // namespace

int main(int argc, char** argv) {
  const auto searches = static_cast<std::size_t>((argc > 1 ? std::atof(argv[1]) : 500) * 1e3);
  const std::int64_t now_ms = 1'790'000'000'000;
  auto parsed = Experiments::parse(definitions(), "bench.toml");
  if (!parsed) {
    std::fprintf(stderr, "%s\n", parsed.error().message.c_str());
    return 1;
  }
  const auto defined = std::make_shared<const Experiments>(std::move(*parsed));
  std::vector<search::SearchRequest> requests(kVisitors);
  for (std::size_t i = 0; i < kVisitors; ++i) {
    requests[i].query = "linen apron";
    requests[i].session_id = fmt::format("session-{:016x}", i * 0x9e3779b97f4a7c15ull);
    requests[i].country = i % 8 == 0 ? "US" : "DE";
  }
  const auto serves = [](std::string_view) { return true; };

  std::size_t assigned = 0;
  double start = cpu_ns();
  for (std::size_t i = 0; i < searches; ++i) {
    assigned += defined->of_search(requests[i % kVisitors], "en", serves, now_ms).assigned.size();
  }
  print("what a search gets", cpu_ns() - start, searches, assigned);

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / fmt::format("handsel-served-assignment-{}", ::getpid());
  const SystemClock clock;
  {
    const auto log = log::open_embedded_log({.folder = folder}, clock);
    if (!log) return 1;
    DecidedExperiments decided(**log);
    if (!decided.decide({.experiment = "experiment-0-0",
                         .verdict = decisions::Verdict::kStop,
                         .by = "bench",
                         .why = "bench",
                         .numbers = {}})) {
      return 1;
    }
    Exposures exposures([](const std::vector<events::Event>&) -> Result<std::size_t> { return std::size_t{0}; });
    // Once, so that everybody was exposed: what is measured is what nearly every search does.
    const auto pass = [&](std::size_t count) {
      assigned = 0;
      for (std::size_t i = 0; i < count; ++i) {
        const auto& request = requests[i % (kVisitors / 4)];
        const auto chosen = decided.in_force(defined)->of_search(request, "en", serves, now_ms);
        exposures.note(chosen.assigned, {.user_id = {}, .session_id = request.session_id, .surface = "search"}, now_ms);
        assigned += chosen.assigned.size();
      }
    };
    for (int i = 0; i < 4; ++i) {
      pass(kVisitors / 4);
      if (!exposures.finish_now()) return 1;
    }
    start = cpu_ns();
    pass(searches);
    print("with what was decided, and whom to expose", cpu_ns() - start, searches, assigned);
  }
  std::filesystem::remove_all(folder);

  std::size_t found = 0;
  start = cpu_ns();
  const std::vector<assignment::Attribute> attributes = {{"country", "de"}, {"surface", "home"}};
  for (std::size_t i = 0; i < searches; ++i) {
    const Asker asker{.session_id = requests[i % kVisitors].session_id, .attributes = attributes};
    for (const assignment::Experiment& experiment : defined->all()) {
      found += defined->assign(experiment, asker, now_ms).has_value() ? 1 : 0;
    }
  }
  print("what POST /v1/assign asks for, all experiments", cpu_ns() - start, searches, found);
  return 0;
}

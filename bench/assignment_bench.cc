// How long one assignment takes: a holdout, a layer, a ramp, targeting and four variants, over a million names of
// units.
//
//   bench_assignment_bench [MILLIONS_OF_ASSIGNMENTS (20)]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "proof/assignment/experiment.h"

int main(int argc, char** argv) {
  using namespace handsel;
  const auto count = static_cast<std::size_t>((argc > 1 ? std::atof(argv[1]) : 20) * 1e6);
  assignment::Experiment experiment;
  experiment.name = "bench";
  experiment.layer = "home";
  experiment.to = 0.9;
  experiment.ramp = {{.from_ms = 0, .share = 0.8}};
  experiment.conditions = {{.attribute = "country", .values = {"at", "de"}}};
  experiment.variants = {{.name = "control"}, {.name = "a"}, {.name = "b"}, {.name = "c"}};
  const auto assignments = assignment::Assignments::build({.holdout = 0.05, .experiments = {experiment}});
  if (!assignments) return 1;
  std::vector<std::string> names;
  for (int i = 0; i < 1'000'000; ++i) names.push_back(fmt::format("visitor-{:016x}", i * 0x9e3779b97f4a7c15ull));
  const std::vector<assignment::Attribute> attributes = {{"device", "phone"}, {"country", "de"}};
  const assignment::Experiment& built = *assignments->find("bench");
  std::size_t assigned = 0;
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < count; ++i)
    assigned += assignments->assign(built, names[i % names.size()], attributes, 1) != nullptr;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%zu assignments, %.1f ns each, %.4f of units are in\n", count,
              seconds * 1e9 / static_cast<double>(count), static_cast<double>(assigned) / static_cast<double>(count));
  return 0;
}

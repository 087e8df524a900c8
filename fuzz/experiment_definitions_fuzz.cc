// Definitions of experiments, which users write. What is accepted is also put to work: every experiment gives a unit
// one of its variants or none, and the same one twice; a search is asked which of them it is in.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/engine/experiments.h"
#include "proof/assignment/experiment.h"

namespace {

constexpr std::int64_t kNowMs = 1'800'000'000'000;

void serve(std::string_view toml) {
  using namespace handsel;
  const auto experiments = Experiments::parse(toml, "fuzz");
  if (!experiments) return;
  search::SearchRequest request{.query = "cup"};
  request.session_id = "s";
  const auto chosen = experiments->of_search(request, "en", [](std::string_view) { return true; }, kNowMs);
  for (const Assigned& assigned : chosen.assigned) {
    if (assigned.unit.empty() || assigned.unit.size() > kUnitBytesMax) std::abort();
  }
  for (const assignment::Experiment& experiment : experiments->all()) {
    const bool is_in = experiments->assign(experiment, {.user_id = "u"}, kNowMs).has_value();
    if (is_in && experiments->why(experiment, {.user_id = "u"}, kNowMs).empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel::assignment;
  const std::string_view toml(reinterpret_cast<const char*>(data), size);
  serve(toml);
  const auto definitions = parse_definitions(toml, "fuzz");
  if (!definitions) return 0;
  const auto assignments = Assignments::build(*definitions);
  if (!assignments) std::abort();
  for (const Experiment& experiment : assignments->definitions().experiments) {
    const Variant* once = assignments->assign(experiment, "visitor", {}, kNowMs);
    if (once != assignments->assign(experiment, "visitor", {}, kNowMs)) std::abort();
    if (experiment.switchback) static_cast<void>(block_of(*experiment.switchback, kNowMs));
  }
  return 0;
}

// Definitions of experiments, which users write. What is accepted is also put to work: every experiment gives a unit
// one of its variants or none, and the same one twice.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "proof/assignment/experiment.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel::assignment;
  const std::string_view toml(reinterpret_cast<const char*>(data), size);
  const auto definitions = parse_definitions(toml, "fuzz");
  if (!definitions) return 0;
  const auto assignments = Assignments::build(*definitions);
  if (!assignments) std::abort();
  for (const Experiment& experiment : assignments->definitions().experiments) {
    const Variant* once = assignments->assign(experiment, "visitor", {}, 1'800'000'000'000);
    if (once != assignments->assign(experiment, "visitor", {}, 1'800'000'000'000)) std::abort();
    if (experiment.switchback) static_cast<void>(block_of(*experiment.switchback, 1'800'000'000'000));
  }
  return 0;
}

#include "app/cli/version.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/cli/commands.h"

namespace handsel::cli {
namespace {

Result<int> run(Context& context) {
  if (context.json) {
    nlohmann::json libraries;
    for (const Part& part : parts()) libraries[part.name] = part.version;
    context.print(nlohmann::json{{"version", kVersion}, {"built_with", libraries}}.dump() + "\n");
    return 0;
  }
  context.print(fmt::format("handsel {}\n", kVersion));
  for (const Part& part : parts()) context.print(fmt::format("  {:<12} {}\n", part.name, part.version));
  return 0;
}

}  // namespace

// "RocksDB 7.8.3,ICU 72.1", from src/CMakeLists.txt.
std::vector<Part> parts() {
  std::vector<Part> all;
  std::string_view rest = HANDSEL_PARTS;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(','));
    const std::size_t space = one.find(' ');
    all.push_back({.name = std::string(one.substr(0, space)), .version = std::string(one.substr(space + 1))});
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
  }
  return all;
}

Command version_command() {
  return {.name = "version",
          .summary = "Print the version, and what the program was built with",
          .example = "handsel version --json",
          .uses = Uses::kNothing,
          .declare = [](Flags&) -> Action { return [](Context& context) { return run(context); }; }};
}

}  // namespace handsel::cli

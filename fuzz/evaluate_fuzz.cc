// The files of `handsel evaluate`: gains, queries and judgments, and a run's JSON.
// The input's first line is the gains; what follows is both files of a judged set,
// and a run.
#include <cstdint>
#include <string_view>

#include "proof/evaluate/compare.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel::evaluate;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string_view rest = text.substr(std::min(line + 1, text.size()));

  if (const auto gains = parse_gains(text.substr(0, line))) {
    if (const auto set = read_judged_set(rest, rest, *gains)) {
      const auto backwards = [](const JudgedQuery& query) -> handsel::Result<std::vector<std::string>> {
        return std::vector<std::string>{query.id, query.text};
      };
      if (const auto run = measure(*set, backwards, {.cutoffs = {1, 3}})) static_cast<void>(to_csv(*run));
    }
  }
  if (const auto run = evaluation_from_json(text)) static_cast<void>(compare(*run, *run));
  return 0;
}

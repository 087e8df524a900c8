// Rows and groups of `handsel evaluate ranker`, and propensities. A line "---" parts the rows
// from the text of groups.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ranking/learning/propensities.h"
#include "ranking/learning/svmlight.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel::learning;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = text.find("---\n");
  const std::string_view rows = text.substr(0, cut);
  const std::string_view groups = cut == std::string_view::npos ? std::string_view{} : text.substr(cut + 4);
  for (const std::size_t columns : {0, 3}) {
    const auto parsed = parse_svmlight(rows, groups, {.columns = columns});
    if (parsed && !handsel::trees::check(*parsed)) std::abort();
  }
  if (const auto propensities = Propensities::parse(text)) {
    if (!Propensities::parse(propensities->serialise())) std::abort();
  }
  return 0;
}

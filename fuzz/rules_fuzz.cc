// A rules file of any bytes is read or refused; what is read keeps its bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ranking/pipeline/rules_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handsel::pipeline;
  static const handsel::text::Analyzer analyzer("en");
  const auto rules = parse_rules(analyzer, {reinterpret_cast<const char*>(data), size});
  if (!rules) return 0;
  if (rules->rules.size() > kRulesMax) std::abort();
  for (const Rule& rule : rules->rules) {
    if (rule.action == RuleAction::kPin && (rule.place < 1 || rule.place > kPinPlaceMax)) std::abort();
    if (!(rule.factor >= 1 / kFactorMax && rule.factor <= kFactorMax)) std::abort();
    if (rule.from_ms >= rule.until_ms) std::abort();
    if (!rule.every_query && rule.queries.empty() && rule.words.empty()) std::abort();
  }
  return 0;
}

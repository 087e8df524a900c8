// The merchandiser's rules as people write them: DIR/rules.toml, one table a rule.
//
//   [[rule]]
//   do = "pin"                  # pin, bury, boost, demote
//   query = "linen apron"       # exactly; or words = "apron", or every_query = true
//   listing = "4711"            # what a pin pins
//   place = 1                   # where; 1 is the first
//
//   [[rule]]
//   name = "Spring cups"        # for explain
//   do = "boost"
//   words = ["cup", "tea bowl"] # all the words of one of them
//   filter = 'tag = spring'     # which listings, in the filter language
//   factor = 1.5
//   from = 2026-03-01           # a day or a moment; UTC
//   until = 2026-05-31          # the day included; a moment not
//
// docs/howto/merchandise.md says it for people. Pure; any thread; linear in the text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "analysis/text/analyzer.h"
#include "base/core/result.h"
#include "ranking/pipeline/rules.h"

namespace handsel::pipeline {

inline constexpr std::size_t kRulesFileBytesMax = 1u << 20;
inline constexpr std::size_t kRuleNameBytesMax = 100;
inline constexpr std::size_t kRuleQueriesMax = 100;  // of one rule: of `query`, and of `words`
inline constexpr std::size_t kRuleWordsMax = 8;      // that must come together

// Errors name the line and what to do; a file is taken as a whole or not at all.
Result<Rules> parse_rules(const text::Analyzer& analyzer, std::string_view text);

}  // namespace handsel::pipeline

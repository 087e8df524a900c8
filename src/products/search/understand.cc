#include "products/search/internal/understand.h"

#include <algorithm>

namespace handsel::search {
namespace {

std::string wanted_words(const query::ParsedQuery& parsed, const query::QueryPlan& plan) {
  if (parsed.excluded.empty() && plan.negation.empty()) return parsed.text;
  std::string text;
  for (const query::QueryWord& word : parsed.words) {
    if (word.term == plan.negation || std::ranges::find(plan.unwanted, word.term) != plan.unwanted.end()) continue;
    if (!text.empty()) text += ' ';
    text += word.surface;
  }
  return text;
}

}  // namespace

std::string wanted_text(const text::Analyzer& analyzer, const query::ParsedQuery& parsed,
                        const query::QueryPlan& plan) {
  if (plan.meant_query.empty()) return wanted_words(parsed, plan);
  return wanted_words(query::parse_query(analyzer, plan.meant_query, parsed.language), plan);
}

query::QueryUnderstanding understand(const SearchContext& context, std::string_view wanted,
                                     const query::ParsedQuery& parsed) {
  const query::Understanding* understanding = context.learned.understanding;
  if (understanding == nullptr || !parsed.has_words()) return {};
  return understanding->understand(context.analyzer, wanted, parsed.language);
}

}  // namespace handsel::search

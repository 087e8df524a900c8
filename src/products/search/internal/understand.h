// What people who ask this mean by it, as the features and explain see it.
#pragma once

#include <string>

#include "products/search/search.h"
#include "ranking/query/query_parser.h"
#include "ranking/query/query_plan.h"
#include "ranking/query/understanding.h"

namespace handsel::search {

// What is wanted: the corrected query, without what is excluded or stands after "without".
std::string wanted_text(const text::Analyzer& analyzer, const query::ParsedQuery& parsed, const query::QueryPlan& plan);

// `wanted`: wanted_text(). Nothing where nothing was learned.
query::QueryUnderstanding understand(const SearchContext& context, std::string_view wanted,
                                     const query::ParsedQuery& parsed);

}  // namespace handsel::search

// What a person could ask next: values that narrow a large answer down, other words where
// little was found, and what was given up to find what there is.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "products/search/search.h"
#include "ranking/query/query_parser.h"
#include "ranking/query/query_plan.h"

namespace handsel::search {

// What the index is asked to count for chips: the columns that people narrow by.
std::vector<index::FacetRequest> chip_facets();

struct ChipSource {
  std::span<const index::Facet> facets;  // of chip_facets()
  std::uint64_t total = 0;               // listings of the answer
  std::string_view wanted;               // wanted_text()
  const index::Filter& filter;           // the request's own
};
std::vector<SearchChip> chips_of(const ChipSource& source);

struct SuggestionSource {
  const SearchContext& context;
  const SearchRequest& request;
  const query::ParsedQuery& parsed;
  const query::QueryPlan& plan;
  const index::Filter& filter;  // the whole one
  std::uint64_t found = 0;
};
// Only those that find more, by their words; asks the index for each.
std::vector<SearchSuggestion> suggestions_for(const SuggestionSource& source);

}  // namespace handsel::search

// Search: from a request to a page. Each arrow of the read path is a function in
// this room or below; explain shows what each of them made.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "facts/catalog/listing.h"
#include "views/index/index.h"
#include "views/index/query.h"

namespace handsel::query {
class QueryModel;  // ranking/query/query_model.h: spelling, synonyms, completion of one snapshot
}

namespace handsel::search {

inline constexpr std::size_t kQueryBytesMax = 2'000;     // longer is cut, with a complaint
inline constexpr std::size_t kLimitMax = 500;
inline constexpr std::size_t kDepthMax = 10'000;         // offset + limit
inline constexpr std::size_t kFilterBytesMax = 16 * 1024;

enum class MatchRule : std::uint8_t {
  kAuto,  // all words; where fewer than kRelaxBelow listings have them all, any
  kAll,
  kAny,
};
inline constexpr std::uint64_t kRelaxBelow = 100;

struct SearchRequest {
  std::string query;                      // may be empty: browse
  std::string language;                   // of the query; empty: the catalogue's default
  std::string filter;                     // filter language
  std::string key_filter;                 // of the API key; the request cannot escape it
  std::vector<index::FacetRequest> facets;
  index::SortKey sort;
  MatchRule match = MatchRule::kAuto;
  std::size_t limit = 24;
  std::size_t offset = 0;
  std::string cursor;                     // from the page before; then offset is 0
  std::size_t per_shop_max = 0;           // cap per shop on this page; 0: none
  std::string group_by;                   // a keyword column: only the best of each value
  bool highlight = false;
  bool spell = true;
  bool exact_total = false;
  bool explain = false;
};

struct SearchHit {
  catalog::Listing listing;
  double score = 0;
  std::string title_highlighted;          // HTML-escaped with <em>; where asked for
  std::string description_highlighted;    // the best passage
};

// One step of the path, for people. `json` is an object.
struct ExplainStep {
  std::string stage;     // "parse", "candidates", "features", "rank", "page"
  double ms = 0;
  std::string json;
};

struct SearchResponse {
  std::string query_id;                   // events refer to it
  std::vector<SearchHit> hits;
  std::uint64_t total = 0;
  bool total_exact = false;
  bool relaxed = false;                   // not all words were required
  std::string corrected_query;            // what was searched instead; empty: nothing
  std::vector<std::string> complaints;    // what of the query was not understood
  std::vector<index::Facet> facets;
  std::string next_cursor;                // empty: the end
  double took_ms = 0;
  std::vector<ExplainStep> explain;
};

// Everything that a read may look at. Borrowed for the length of one call.
struct SearchContext {
  const index::Snapshot& snapshot;
  const text::Analyzer& analyzer;
  const query::QueryModel* query_model = nullptr;  // null: no spelling, no synonyms
  // The whole listing of a document.
  std::function<Result<catalog::Listing>(const index::DocInfo&)> load_listing;
};

// The snapshot generation that a cursor was made of, for those who keep snapshots for
// the next page. Nothing where the cursor is empty or not one of ours.
std::optional<std::uint64_t> cursor_generation(std::string_view cursor);

// Any thread; writes nothing. Errors: a filter, cursor or column that cannot be read.
Result<SearchResponse> search(const SearchContext& context, const SearchRequest& request);

}  // namespace handsel::search

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

inline constexpr std::size_t kQueryBytesMax = 2'000;  // longer is cut, with a complaint
inline constexpr std::size_t kFilterBytesMax = 16 * 1024;
inline constexpr std::size_t kLimitMax = 500;
inline constexpr std::size_t kDepthMax = 10'000;  // offset + limit; cursors go on as far as there are listings
inline constexpr std::size_t kFacetsMax = 32;
inline constexpr std::size_t kCursorBytesMax = 256;

enum class MatchRule : std::uint8_t {
  // All words that any listing has; where fewer than kRelaxBelow listings have them all,
  // any. In an order by column, where the loosest match could come first, any only
  // where no listing has them all.
  kAuto,
  kAll,
  kAny,
};
inline constexpr std::uint64_t kRelaxBelow = 100;

struct SearchRequest {
  std::string query;       // may be empty: browse
  std::string language;    // of the query; empty: the catalogue's default
  std::string filter;      // filter language
  std::string key_filter;  // of the API key; the request cannot escape it
  std::vector<index::FacetRequest> facets;
  index::SortKey sort;
  MatchRule match = MatchRule::kAuto;
  std::size_t limit = 24;
  std::size_t offset = 0;
  std::string cursor;  // from the page before; then offset is 0
  // At most so many of a shop on a page; those over it open the following pages. 0: no cap.
  std::size_t per_shop_max = 0;
  // A keyword column: of each value only the best listing. Listings without a value stay.
  std::string group_by;
  bool highlight = false;
  bool spell = true;
  bool exact_total = false;
  bool explain = false;
};

struct SearchHit {
  catalog::Listing listing;
  double score = 0;
  std::string title_highlighted;        // HTML-escaped with <em>; where asked for
  std::string description_highlighted;  // the best passage
};

// One step of the path, for people. `json` is an object.
struct ExplainStep {
  std::string stage;  // "parse", "plan", "candidates", "rank", "page", "load"
  double ms = 0;
  std::string json;
};

struct SearchResponse {
  std::string query_id;  // events refer to it; the engine gives it
  std::vector<SearchHit> hits;
  std::uint64_t total = 0;              // listings that match, grouped or not; what paging walks through
  bool total_exact = false;             // otherwise there may be more; facets and exact_total make it exact
  bool relaxed = false;                 // not all words were required
  std::string corrected_query;          // what was searched instead; empty: nothing
  std::vector<std::string> complaints;  // what of the query was not understood
  std::vector<index::Facet> facets;
  std::string next_cursor;  // empty: the end
  double took_ms = 0;
  std::vector<ExplainStep> explain;
};

// Everything that a read may look at. Borrowed for the length of one call.
struct SearchContext {
  const index::Snapshot& snapshot;
  const text::Analyzer& analyzer;
  const query::QueryModel* query_model = nullptr;  // null: no spelling, no synonyms
  // The whole listing of a document. kNotFound leaves it out of the page (it went since
  // the snapshot was made); other errors end the search.
  std::function<Result<catalog::Listing>(const index::DocInfo&)> load_listing;
};

// Any thread; writes nothing. Errors: a filter, cursor or column that cannot be read.
//
// The order that pages walk through is fixed by the snapshot, the query model and the
// request: the index's best kRankedMax (ranking/pipeline/rank.h) as the features rank
// them, then the others as the index does. So pages by offset and pages by cursor are
// the same, do not overlap, and miss nothing.
Result<SearchResponse> search(const SearchContext& context, const SearchRequest& request);

// The generation of the snapshot that the cursor's page came from, so that the next one
// can come from it too. kInvalidArgument where it is no cursor of ours.
Result<std::uint64_t> cursor_generation(std::string_view cursor);

}  // namespace handsel::search

// Search: from a request to a page. Each arrow of the read path is a function in
// this room or below; explain shows what each of them made.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/core/result.h"
#include "facts/catalog/listing.h"
#include "views/index/index.h"
#include "views/index/query.h"

namespace handsel::query {
class QueryModel;     // ranking/query/query_model.h: spelling, synonyms, completion of one snapshot
class Understanding;  // ranking/query/understanding.h: which categories and attributes a query means
}  // namespace handsel::query
namespace handsel::models {
class TextEncoder;
}
namespace handsel::vectors {
class VectorSnapshot;
}
namespace handsel::graph {
class Graph;
}
namespace handsel::profiles {
class Counters;
struct Profile;
}  // namespace handsel::profiles
namespace handsel::features {
class KeptTagLexicon;  // ranking/features/tag_lexicon.h
}
namespace handsel::pipeline {
class RankModel;
struct Rules;
}  // namespace handsel::pipeline

namespace handsel::search {

class RankedHeads;  // ranked_heads.h

inline constexpr std::size_t kQueryBytesMax = 2'000;  // longer is cut, with a complaint
inline constexpr std::size_t kFilterBytesMax = 16 * 1024;
inline constexpr std::size_t kLimitMax = 500;
inline constexpr std::size_t kDepthMax = 10'000;  // offset + limit; cursors go on as far as there are listings,
                                                  // but where pages are made by rules (page_rules.h)
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
  // Also chips, with the first page of the order by score. Exact counts make the total exact too.
  bool chips = false;
  // With MatchRule::kAuto, in the order by score: also what vectors and walks find.
  bool meaning = true;
  // Who asks. Read only where `personalise` is true; a key can forbid it.
  std::string session_id;
  std::string user_id;
  std::string country;  // ISO 3166 alpha-2
  bool personalise = true;
  // Places for new listings (ranking/pipeline/exploration.h), in the order by score; only
  // where `personalise` is true too. Measurements turn it off.
  bool explore = true;
  // Whether experiments may change the answer. Measurements turn it off.
  bool experiments = true;
};

// What is set from outside, beside the request (search_parameters.h); nothing: as the request has it.
struct SearchParameters {
  std::optional<bool> meaning;
  std::optional<bool> explore;
  std::optional<bool> session;
  std::optional<std::size_t> per_shop;
  std::string ranker;  // empty: the one that serves
};

struct SearchHit {
  catalog::Listing listing;
  double score = 0;
  std::string title_highlighted;        // HTML-escaped with <em>; where asked for
  std::string description_highlighted;  // the best passage
  // Where two rankers were interleaved: "a", the one that serves, or "b", the challenger,
  // chose the place. Empty where nobody did, or a rule or exploration moved it since.
  std::string team;
};

// A value that would narrow the answer down well.
struct SearchChip {
  std::string field;        // "attr.color"
  std::string value;        // "Sage"; "10..20" of a price, the upper end excluded
  std::uint64_t count = 0;  // listings of the answer that have it, exactly
  std::string filter;       // that keeps them, in the filter language: to be joined with "and"
};

// What to search instead. It finds more than what was asked.
struct SearchSuggestion {
  std::string query;
  std::string reason;  // for people
};
inline constexpr std::uint64_t kSuggestBelow = 5;

// One step of the path, for people. `json` is an object.
struct ExplainStep {
  std::string stage;  // "parse", "plan", "understand", "candidates", "rank", ...
  double ms = 0;
  std::string json;
};

// A model that failed while an answer was made; the path went on without it.
inline constexpr std::string_view kModelStages[] = {"encoder", "ranker", "challenger"};
struct ModelTrouble {
  std::string_view stage;  // one of kModelStages
  std::string what;        // for people
};

struct SearchResponse {
  std::string query_id;  // events refer to it; the engine gives it
  // Which variants of which experiments this answer was made under; the engine gives them.
  std::vector<std::pair<std::string, std::string>> experiments;
  std::vector<SearchHit> hits;
  std::uint64_t total = 0;              // listings that match, grouped or not; what paging walks through
  bool total_exact = false;             // otherwise there may be more; facets and exact_total make it exact
  bool relaxed = false;                 // not all words were required
  std::uint64_t by_meaning = 0;         // of `total`: found by vectors or walks, not by the words
  bool personalised = false;            // what is known of the session had a say
  bool learned = false;                 // a trained ranker made the order
  std::string corrected_query;          // what was searched instead; empty: nothing
  std::vector<std::string> complaints;  // what of the query was not understood
  std::vector<std::string> notes;       // what was done to find more, in words
  std::vector<index::Facet> facets;
  std::vector<SearchChip> chips;              // where asked for; at most 6, best first
  std::vector<SearchSuggestion> suggestions;  // where fewer than kSuggestBelow were found
  std::string next_cursor;                    // empty: the end
  double took_ms = 0;
  std::vector<ModelTrouble> model_troubles;  // for those who run it; whoever asked is not told
  std::vector<ExplainStep> explain;
};

// A second ranker on trial: its order and that of the one that serves are shown as one,
// drawn in turns (proof/assignment/interleaving.h).
struct Challenge {
  const pipeline::RankModel* ranker = nullptr;  // null: none, or not for this request
  std::uint64_t seed = 0;                       // of the draw: the same for all pages of a search
  std::uint64_t number = 0;                     // of these two rankers; never 0 where there is a challenge
};

// What was learned; null where it is not there, and the search goes on without it.
struct Learned {
  const models::TextEncoder* encoder = nullptr;  // both or none of these two are used
  const vectors::VectorSnapshot* vectors = nullptr;
  float similarity_min = 0;  // below it a vector's hit means nothing
  // Where even the best hit lies below this, the query means nothing to the encoder.
  float similarity_noise = -1;
  const graph::Graph* graph = nullptr;
  const profiles::Counters* counters = nullptr;
  const profiles::Profile* profile = nullptr;  // of the one who asks; null: unknown, or forbidden
  const query::Understanding* understanding = nullptr;
  const pipeline::RankModel* ranker = nullptr;
  Challenge challenge = {};
};

// Everything that a read may look at. Borrowed for the length of one call.
struct SearchContext {
  const index::Snapshot& snapshot;
  const text::Analyzer& analyzer;
  const query::QueryModel* query_model = nullptr;  // null: no spelling, no synonyms
  // The whole listing of a document. kNotFound leaves it out of the page (it went since
  // the snapshot was made); other errors end the search.
  std::function<Result<catalog::Listing>(const index::DocInfo&)> load_listing;
  Learned learned = {};
  const pipeline::Rules* rules = nullptr;    // of the merchandiser; null: none
  RankedHeads* heads = nullptr;              // null: every page ranks anew
  features::KeptTagLexicon* tags = nullptr;  // null: every search reads the tags of its candidates anew
  SearchParameters parameters = {};
  std::int64_t now_ms = 0;
};

// Any thread; writes nothing but `heads`. Errors: a filter, cursor or column that cannot be read.
//
// Candidates come from the words, from the vectors and from walks. What 'right' means
// then: a listing is in the answer where the words match it, or where another source
// found it and the filter, the key's filter and the excluded words let it through. It is
// there once, whoever found it; total, facets, grouping and the cap per shop count it
// once. In an order by column, with quoted words, or where the request itself says how
// words match, the words alone decide; and, but in an order by column, the rules, which
// pin what no source found: where the words do not match it, it counts as found by meaning.
//
// The order that pages walk through: the index's best kRankedMax and what the other
// sources found (ranking/pipeline/rank.h), as the features rank them, or the first pass those
// that it leaves; then the others as the index does. A cursor goes on in the very order that its
// first page was cut from (`heads`), while people click and models change. So pages do not overlap and miss
// nothing; where nothing changed, pages by offset are the same.
Result<SearchResponse> search(const SearchContext& context, const SearchRequest& request);

// What the ranker sees of a request: for training and evaluation, by the very code that
// serves. `also`: listings that are to be among the candidates whoever finds them (those that
// were shown); one that is not in the snapshot is left out. `draw`: so many more by chance, from all candidates.
struct CandidateRows {
  std::vector<std::string> ids;         // in the order that the present ranker gives them
  std::vector<std::string_view> names;  // of the features; live as long as the program
  std::vector<float> values;            // ids x names
  std::vector<bool> drawn;              // for each id: it was
};
struct Draw {
  std::size_t count = 0;
  std::uint64_t seed = 0;
};
Result<CandidateRows> candidate_rows(const SearchContext& context, const SearchRequest& request,
                                     std::span<const std::string> also = {}, const Draw& draw = {});

// The generation of the snapshot that the cursor's page came from, so that the next one
// can come from it too. kInvalidArgument where it is no cursor of ours.
Result<std::uint64_t> cursor_generation(std::string_view cursor);

}  // namespace handsel::search

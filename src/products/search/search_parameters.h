// What somebody outside may set differently for a search: values by name. Who sets them, for whom and why, an
// experiment say, is no concern of this room; here they are as good as the request's own words, and yield to them.
//
//   search.meaning    true, false   whether vectors and walks find listings too
//   search.per_shop   0 to 500      listings of one shop on a page; 0: no cap
//   search.explore    true, false   places for new listings
//   search.session    true, false   whether what is known of the session and user has a say
//   search.ranker     "learned", "untrained", or the id of a trained ranker
//
// The ranker and the session are for whoever fills the SearchContext (`learned.ranker`, `learned.profile`); the others
// work through SearchContext::parameters. Values, any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/result.h"
#include "products/search/search.h"

namespace handsel::search {

inline constexpr std::string_view kParameterPrefix = "search.";
inline constexpr std::string_view kLearnedRanker = "learned";      // the one that is promoted
inline constexpr std::string_view kUntrainedRanker = "untrained";  // none
inline constexpr std::size_t kRankerIdBytesMax = 128;

enum class Parameter : std::uint8_t { kMeaning = 1, kPerShop = 2, kExplore = 4, kSession = 8, kRanker = 16 };
using ParameterSet = std::uint8_t;  // a set of Parameter

// Those of `parameters` that begin with kParameterPrefix; others are for other pages and pass. kInvalidData: an unknown
// name, with the known ones, or a value that is none.
Result<SearchParameters> parse_parameters(const std::map<std::string, std::string, std::less<>>& parameters);

// Which are set.
ParameterSet set_of(const SearchParameters& parameters);

// Those that would change the answer to this request: the ones that the request itself leaves open, and that have a say
// in the order it asks for. It does not depend on values, so that who is asked about two of them gets one answer.
ParameterSet open_parameters(const SearchRequest& request);

// What a value does where the request leaves it open.
SearchRequest with_parameters(SearchRequest request, const SearchParameters& parameters);
// Takes the values that `more` sets.
void merge(SearchParameters& parameters, const SearchParameters& more);

}  // namespace handsel::search

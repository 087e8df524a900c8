// Reads a search from the parameters of a GET or the JSON of a POST: the same names,
// one table. docs/reference/http.md lists them.
//
// Strict: an unknown name, a value of a wrong type or out of range is
// kInvalidArgument and says what was expected. What is read never touches
// SearchRequest::key_filter.
#pragma once

#include <string_view>
#include <vector>

#include "app/http/target.h"
#include "base/core/result.h"
#include "products/search/search.h"

namespace handsel::http {

inline constexpr std::size_t kFacetsMax = 20;
inline constexpr std::size_t kFacetBoundsMax = 100;
inline constexpr std::size_t kNameBytesMax = 300;  // of a column
inline constexpr std::size_t kCursorBytesMax = 1024;
inline constexpr std::size_t kPersonIdBytesMax = 128;  // session_id, user_id

Result<search::SearchRequest> search_from_parameters(const std::vector<Parameter>& parameters);
Result<search::SearchRequest> search_from_json(std::string_view json);

// {"searches": [...]}: one result for each; the outer error is of the whole.
Result<std::vector<Result<search::SearchRequest>>> searches_from_json(std::string_view json, std::size_t searches_max);

}  // namespace handsel::http

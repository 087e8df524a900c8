// The filter language: what people and programs write to narrow a search.
//
//   price < 30 and (tag:linen or tag in ("hand made", wool)) and not shop = "Clay & Co"
//
// docs/reference/filter-language.md is the whole of it. Case of keywords and columns
// does not matter; keyword values are folded as the index folds its columns.
//
// Pure functions; any thread; linear in the text. Hostile input ends in an error: the
// limits below bound bytes, nesting and conditions before memory is taken.
#pragma once

#include <string>
#include <string_view>

#include "base/core/result.h"
#include "views/index/filter.h"

namespace handsel::query {

inline constexpr std::size_t kFilterBytesMax = 16 * 1024;
inline constexpr std::size_t kFilterDepthMax = 32;      // of parentheses and 'not'
inline constexpr std::size_t kFilterValuesMax = 1'000;  // values and conditions together

// Empty or blank text is the filter that lets everything pass. Errors say the column
// (in characters, from 1), what was expected and what was found; an unknown column
// comes with the name that was probably meant.
Result<index::Filter> parse_filter(std::string_view text);

// In the same language. parse_filter(filter_to_string(f)) == f for every f that
// parse_filter returned.
std::string filter_to_string(const index::Filter& filter);

// The known column that `name` was probably meant to be; empty where none is near.
std::string nearest_column(std::string_view name);

}  // namespace handsel::query

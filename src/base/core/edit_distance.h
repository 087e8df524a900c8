// How far two short names are apart: for "did you mean ...?".
#pragma once

#include <cstddef>
#include <string_view>

namespace handsel {

// Levenshtein's distance in bytes. Any thread; cost is the product of the lengths, so callers
// bound them. Spelling of what buyers type is in analysis/text/levenshtein.h.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace handsel

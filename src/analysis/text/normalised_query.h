// The name of a query: what the counters and the graph know it by, so that "Linen  APRON",
// "linen apron" and "línen apron" are one query. Words keep their order and their endings.
//
// Any thread; time in proportion to the text, of which kQueryBytesRead are read at most.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace handsel::text {

inline constexpr std::size_t kQueryBytesRead = 4096;
inline constexpr std::size_t kNormalisedQueryBytesMax = 256;  // a longer name is cut at a character

// As fold_text() makes it, cut. The name of a name is that name. Empty where the text
// holds nothing but white space.
std::string normalised_query(std::string_view query);

}  // namespace handsel::text

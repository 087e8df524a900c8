// One spelling for keywords that differ only in case, form or white space, so that
// "Hand  Made" filters and facets as "hand made" does.
#pragma once

#include <string>
#include <string_view>

namespace handsel::text {

// NFKC with case folding; white space trimmed and collapsed. Any thread.
std::string fold_keyword(std::string_view keyword);

}  // namespace handsel::text

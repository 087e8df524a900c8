// One spelling for texts that differ only in case, form or white space, so that
// "Hand  Made" filters and facets as "hand made" does.
//
// Any thread; time in proportion to the text.
#pragma once

#include <string>
#include <string_view>

namespace handsel::text {

// NFKC with case folding; white space trimmed and collapsed.
std::string fold_keyword(std::string_view keyword);

// The form in which the analyzer compares text (step 1 in analyzer.h): as above, and
// accents folded too. For what is matched by its letters, such as completion.
std::string fold_text(std::string_view text);

}  // namespace handsel::text

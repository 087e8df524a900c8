// Shows people why a text was found: the matching words in <em>, everything else
// escaped for HTML, so that the answer can be put into a page as it is.
//
// Pure functions, any thread; they cost one analysis of the text. Bytes that are no
// UTF-8 come out as U+FFFD.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "analysis/text/analyzer.h"

namespace handsel::text {

inline constexpr std::size_t kPassageWords = 30;
inline constexpr std::size_t kPassageBytesMax = 1000;  // of the original, where words are few and long

// & < > " and ' as entities.
std::string escape_html(std::string_view text);

// The whole text. `terms` are those of the query (Token::term), in any order.
std::string highlight(const Analyzer& analyzer, std::string_view text, std::string_view language,
                      std::span<const std::string> terms);

// The stretch of at most `words` words that has the most distinct terms; of several, the
// one with most matches; then the earliest. It starts a little before its first match
// where there is room. "…" stands where text was left out; line breaks become spaces.
std::string highlight_passage(const Analyzer& analyzer, std::string_view text, std::string_view language,
                              std::span<const std::string> terms, std::size_t words = kPassageWords);

}  // namespace handsel::text

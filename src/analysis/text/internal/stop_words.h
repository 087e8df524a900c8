// Function words, language by language.
#pragma once

#include <string_view>

namespace handsel::text::internal {

// `surface` as Token::surface, so without accents; `language` a primary tag in lower case.
bool is_stop_word(std::string_view surface, std::string_view language);

}  // namespace handsel::text::internal

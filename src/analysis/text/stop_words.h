// Function words, by language. Short lists, written for product search: words that deny
// ("without", "no", "ohne") are not in them.
#pragma once

#include <string_view>

namespace handsel::text {

bool is_stop_word(std::string_view surface, std::string_view language);

}  // namespace handsel::text

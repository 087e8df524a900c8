// toml++ 3.3, which Debian 12 has, meets a letter such as 'é' outside of a string with
// undefined behaviour (a case of its table of white space that "cannot be"). TOML 1.0
// allows such letters in strings and comments only, so a text can be checked before.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace handsel::catalog {

// Position of the first byte that is not ASCII and stands neither in a string nor in
// a comment; nothing where there is none. A text with one is no TOML.
std::optional<std::size_t> find_stray_letter(std::string_view toml);

}  // namespace handsel::catalog

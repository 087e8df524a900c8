// toml++ 3.3, which Debian 12 has, meets a letter such as 'é' outside of a string with
// undefined behaviour (a case of its table of white space that "cannot be"), and only
// a parser knows what is outside of a string. So it is given ASCII alone: every other
// byte as '%' and two digits, and '%' too. In strings and quoted keys that is undone
// afterwards; anywhere else '%' is as wrong as the letter was.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/core/result.h"

namespace handsel {

// The same TOML in ASCII, without a byte order mark; lines stay lines. Where no name follows the "[" or "[[" of a
// table, which toml++ 3.3 takes for granted (an assertion, or an assumption of the compiler), the rest is cut off and a
// "]" put there: that is an error to toml++ wherever it stands, and names the line.
std::string to_ascii_toml(std::string_view toml);
// A string or key of a document that went through to_ascii_toml().
std::string from_ascii_toml(std::string_view value);

// The line of a table's "[" or "[[" that no name follows, from 1; 0 where there is none. For files in which lists of
// lists have no place: it says so more plainly than toml++.
std::size_t line_of_unnamed_table(std::string_view ascii);

// to_ascii_toml() of such a file. kTooLarge over `bytes_max`; kInvalidData where it is not UTF-8 or has a table without
// a name. Errors name the file.
Result<std::string> checked_ascii_toml(std::string_view toml, std::string_view file_name, std::size_t bytes_max);

}  // namespace handsel

// Guesses what a file is from its first bytes.
#pragma once

#include <string_view>

#include "facts/catalog/import/import.h"

namespace handsel::catalog::internal {

inline constexpr std::size_t kRecogniseBytes = 64 * 1024;

// kRecognise where it looks like none of them.
ImportFormat recognise_format(std::string_view head);
Container recognise_container(std::string_view head);
// The delimiter that stands most often in the first line.
char recognise_delimiter(std::string_view head);
// UTF-16 in either order: no format of ours is read from it.
bool is_utf16(std::string_view head);

}  // namespace handsel::catalog::internal

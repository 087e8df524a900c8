// gzip for answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace handsel::http {

inline constexpr std::size_t kCompressFromBytes = 1024;  // less is not worth it

// As in Accept-Encoding: "gzip" or "*", without q=0.
bool accepts_gzip(std::string_view accept_encoding);
// About 10 ms for each megabyte at level 1. Nothing where it would not be smaller.
std::optional<std::string> gzip(std::string_view bytes, int level = 1);

}  // namespace handsel::http

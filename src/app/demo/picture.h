// Painted pictures for the demo marketplace: a token says what is to be seen, and
// the same token is painted the same everywhere.
//
//   token    kind-motif-palette-style-seed        "mug-fern-sage-boho-k3f9"
//
// Letters, digits and dashes, at most kPictureTokenBytesMax bytes; kind, motif,
// palette and style come from closed lists (picture_words.h), the seed is one to
// four of 0-9a-z. The picture is an SVG of 600 by 600 units and a few kilobytes: no
// script, no text, nothing fetched from elsewhere.
//
// Pure: any thread, about 50 microseconds.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace handsel::demo {

inline constexpr std::size_t kPictureTokenBytesMax = 40;

// Nothing where the token is not one.
std::optional<std::string> paint_svg(std::string_view token);

}  // namespace handsel::demo

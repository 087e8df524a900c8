#include "app/demo/picture.h"

#include <algorithm>
#include <array>

#include "app/demo/internal/canvas.h"
#include "base/core/hash.h"

namespace handsel::demo {
namespace {

constexpr std::size_t kParts = 5;
constexpr std::size_t kSeedBytesMax = 4;

bool is_token_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// kind, motif, palette, style, seed; or nothing.
std::optional<std::array<std::string_view, kParts>> split_token(std::string_view token) {
  std::array<std::string_view, kParts> parts;
  if (token.size() > kPictureTokenBytesMax) return std::nullopt;
  for (std::size_t i = 0; i < kParts; ++i) {
    const std::size_t dash = token.find('-');
    parts[i] = token.substr(0, dash);
    if ((dash == std::string_view::npos) != (i + 1 == kParts)) return std::nullopt;
    if (parts[i].empty() || !std::ranges::all_of(parts[i], is_token_letter)) return std::nullopt;
    token.remove_prefix(std::min(token.size(), parts[i].size() + 1));
  }
  if (parts.back().size() > kSeedBytesMax) return std::nullopt;
  return parts;
}

}  // namespace

std::optional<std::string> paint_svg(std::string_view token) {
  const auto parts = split_token(token);
  if (!parts) return std::nullopt;
  const KindRow* const kind = find_kind((*parts)[0]);
  const Icon* const icon = find_icon((*parts)[1]);
  const PaletteRow* const palette = find_palette((*parts)[2]);
  const MoodRow* const mood = find_mood((*parts)[3]);
  if (kind == nullptr || icon == nullptr || palette == nullptr || mood == nullptr) return std::nullopt;
  Canvas canvas(*palette, *mood, *icon, Rng(hash64(token)));
  kind->paint(canvas);
  return canvas.svg();
}

}  // namespace handsel::demo

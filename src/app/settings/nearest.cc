#include <algorithm>

#include "app/settings/settings.h"
#include "base/core/edit_distance.h"

namespace handsel::settings {
namespace {

// The words are names of settings and flags; a longer one is not measured.
constexpr std::size_t kWordBytesMax = 128;

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> names) {
  if (word.size() > kWordBytesMax) return "";
  std::string best;
  // A third of the letters may be wrong; beyond that a guess confuses.
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& name : names) {
    const std::size_t candidate = edit_distance(word, name);
    if (candidate < best_distance) {
      best_distance = candidate;
      best = name;
    }
  }
  return best;
}

}  // namespace handsel::settings

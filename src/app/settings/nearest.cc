#include <algorithm>

#include "app/settings/settings.h"

namespace handsel::settings {
namespace {

// Levenshtein's distance, one row at a time. The words are names of settings and
// flags; a longer one is not measured.
constexpr std::size_t kWordBytesMax = 128;

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> names) {
  if (word.size() > kWordBytesMax) return "";
  std::string best;
  // A third of the letters may be wrong; beyond that a guess confuses.
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& name : names) {
    const std::size_t candidate = distance(word, name);
    if (candidate < best_distance) {
      best_distance = candidate;
      best = name;
    }
  }
  return best;
}

}  // namespace handsel::settings

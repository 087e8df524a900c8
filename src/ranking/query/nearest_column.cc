#include <algorithm>
#include <array>

#include "base/core/edit_distance.h"
#include "ranking/query/filter_parser.h"

namespace handsel::query {
namespace {

constexpr std::array<std::string_view, 20> kColumns = {
    "shop",         "taxonomy",   "tag",     "material", "language",  "currency",      "state",
    "type",         "ships_from", "id",      "price",    "quantity",  "rating",        "created",
    "rating_count", "favourites", "updated", "latitude", "longitude", "personalizable"};

// What other shops and programs call them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kOtherNames = {{{"category", "taxonomy"},
                                                                                        {"categories", "taxonomy"},
                                                                                        {"color", "attr.color"},
                                                                                        {"colour", "attr.color"},
                                                                                        {"brand", "attr.brand"},
                                                                                        {"size", "attr.size"},
                                                                                        {"seller", "shop"},
                                                                                        {"cost", "price"},
                                                                                        {"stars", "rating"},
                                                                                        {"favorites", "favourites"}}};

constexpr std::size_t kNameBytesMax = 64;

}  // namespace

std::string nearest_column(std::string_view name) {
  if (name.size() > kNameBytesMax) return {};
  for (const auto& [other, column] : kOtherNames) {
    if (name == other) return std::string(column);
  }
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string_view column : kColumns) {
    if (const std::size_t d = edit_distance(name, column); d < best_distance) {
      best_distance = d;
      best = column;
    }
  }
  return std::string(best);
}

}  // namespace handsel::query

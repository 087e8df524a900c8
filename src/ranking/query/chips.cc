#include "ranking/query/chips.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "analysis/text/normalised_query.h"
#include "views/index/columns.h"

namespace handsel::query {
namespace {

double entropy_bits(double p) {
  if (!(p > 0) || !(p < 1)) return 0;
  return -p * std::log2(p) - (1 - p) * std::log2(1 - p);
}

// Of candidates, or of their relevance where that is known.
double share_of(const ChipCandidate& value, const ChipRequest& request) {
  const bool weighed = value.mass && std::isfinite(*value.mass) && std::isfinite(request.mass) && request.mass > 0;
  const double share =
      weighed ? *value.mass / request.mass : static_cast<double>(value.count) / static_cast<double>(request.total);
  return std::clamp(share, 0.0, 1.0);
}

// Each word of the value stands in the query, a plural for its singular: "Aprons" after
// "linen apron". Of a path its last name counts.
bool says_already(std::string_view query, std::string_view value) {
  if (const auto cut = value.rfind(index::kTaxonomySeparator); cut != std::string_view::npos) {
    value.remove_prefix(cut + index::kTaxonomySeparator.size());
  }
  const std::string folded = text::normalised_query(value);
  const auto word_of = [](std::string_view& rest) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (word.size() > 3 && word.ends_with('s')) word.remove_suffix(1);
    return word;
  };
  const auto in_query = [&](std::string_view wanted) {
    for (std::string_view rest = query; !rest.empty();) {
      if (word_of(rest) == wanted) return true;
    }
    return false;
  };
  bool any = false;
  for (std::string_view rest = folded; !rest.empty();) {
    if (!in_query(word_of(rest))) return false;
    any = true;
  }
  return any;
}

bool is_useful(const ChipCandidate& value, const ChipRequest& request) {
  const double share = static_cast<double>(value.count) / static_cast<double>(request.total);
  return !value.value.empty() && value.count >= kCountMin && share >= kShareMin && share <= kShareMax &&
         std::ranges::find(request.filtered, value.field) == request.filtered.end() &&
         !says_already(request.query, value.value);
}

}  // namespace

std::vector<Chip> choose_chips(const ChipRequest& request) {
  std::vector<Chip> chosen;
  if (request.total < kChipTotalMin) return chosen;
  std::vector<Chip> open;
  for (const ChipCandidate& value : request.values) {
    if (!is_useful(value, request)) continue;
    const double bits = entropy_bits(share_of(value, request));
    if (bits > 0) open.push_back({.field = value.field, .value = value.value, .count = value.count, .bits = bits});
  }
  std::map<std::string, std::size_t> of_field;
  while (!open.empty() && chosen.size() < std::min(request.limit, kChipsMax)) {
    const auto rank = [&](const Chip& chip) {
      const auto used = of_field.find(chip.field);
      const double worth = chip.bits * std::pow(kSameFieldWorth, used == of_field.end() ? 0.0 : double(used->second));
      return std::tuple(-worth, std::string_view(chip.field), std::string_view(chip.value));
    };
    const auto best = std::ranges::min_element(open, {}, rank);
    Chip chip = std::move(*best);
    open.erase(best);
    const bool full = ++of_field[chip.field] >= kChipsOfFieldMax;
    if (full) std::erase_if(open, [&](const Chip& other) { return other.field == chip.field; });
    chosen.push_back(std::move(chip));
  }
  return chosen;
}

}  // namespace handsel::query

#include "views/profiles/internal/decaying_sums.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace handsel::profiles {
namespace {

std::uint32_t seconds(std::int64_t time_ms) {
  constexpr std::int64_t kLast = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(time_ms / 1000, 0, kLast));
}

}  // namespace

// At most 1, whichever lies first.
double DecayingSums::fading(std::uint32_t from_s, std::uint32_t to_s) const {
  return to_s <= from_s ? 1.0 : std::exp(-static_cast<double>(to_s - from_s) / tau_s_);
}

void DecayingSums::add(std::uint64_t key, std::int64_t time_ms, Sum sum, double amount) {
  if (!(amount > 0) || !std::isfinite(amount)) return;
  const std::uint32_t time_s = seconds(time_ms);
  newest_s_ = std::max(newest_s_, time_s);
  if (table_.size() >= entries_max_ && table_.find(key) == nullptr) drop_weakest();
  Entry& entry = table_.find_or_insert(key);
  if (time_s > entry.time_s) {
    const double faded = fading(entry.time_s, time_s);
    for (float& value : entry.sums) value = static_cast<float>(value * faded);
    entry.time_s = time_s;
  }
  float& value = entry.sums[static_cast<std::size_t>(sum)];
  value = static_cast<float>(value + amount * fading(time_s, entry.time_s));
}

Counts DecayingSums::find(std::uint64_t key, std::int64_t now_ms) const {
  const Entry* entry = table_.find(key);
  if (entry == nullptr) return {};
  const double faded = fading(entry->time_s, seconds(now_ms));
  return {.shown = entry->sums[0] * faded,
          .clicks = entry->sums[1] * faded,
          .favourites = entry->sums[2] * faded,
          .carts = entry->sums[3] * faded,
          .purchases = entry->sums[4] * faded};
}

double DecayingSums::strength(const Entry& entry) const {
  double sum = kShownStrength * entry.sums[0];
  for (std::size_t i = 1; i < kSums; ++i) sum += entry.sums[i];
  return sum * fading(entry.time_s, newest_s_);
}

// Ties go by the key, so that the same additions leave the same entries.
void DecayingSums::drop_weakest() {
  std::vector<std::pair<double, std::uint64_t>> ranked;
  ranked.reserve(table_.size());
  table_.visit([&](const Entry& entry) { ranked.emplace_back(strength(entry), entry.key); });
  const auto first_kept = ranked.begin() + static_cast<std::ptrdiff_t>(ranked.size() / 8 + 1);
  if (first_kept >= ranked.end()) {
    table_.clear();
    return;
  }
  std::ranges::nth_element(ranked, first_kept);
  table_.keep_if([&](const Entry& entry) { return std::pair(strength(entry), entry.key) >= *first_kept; });
}

}  // namespace handsel::profiles

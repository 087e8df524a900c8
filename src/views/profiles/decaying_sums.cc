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

void DecayingSums::put(std::string& out) const {
  const std::vector<Entry> entries = table_.sorted([](const Entry&) { return true; });
  put_fixed(out, newest_s_);
  put_varint(out, entries.size());
  for (const Entry& entry : entries) {
    put_fixed(out, entry.key);
    put_fixed(out, entry.time_s);
    std::uint8_t present = 0;
    for (std::size_t i = 0; i < kSums; ++i) {
      if (entry.sums[i] != 0) present |= static_cast<std::uint8_t>(1u << i);
    }
    put_fixed(out, present);
    for (const float value : entry.sums) {
      if (value != 0) put_fixed(out, value);
    }
  }
}

bool DecayingSums::take(ByteReader& in) {
  constexpr std::size_t kEntryBytesMin = 13;
  newest_s_ = in.fixed<std::uint32_t>();
  const std::uint64_t entries = in.varint();
  if (!in.ok() || entries > entries_max_ || entries > in.remaining() / kEntryBytesMin) return false;
  table_ = {};
  table_.reserve(entries);
  std::uint64_t before = 0;
  for (std::uint64_t i = 0; i < entries; ++i) {
    Entry read{.key = in.fixed<std::uint64_t>(), .time_s = in.fixed<std::uint32_t>()};
    const auto present = in.fixed<std::uint8_t>();
    for (std::size_t sum = 0; sum < kSums; ++sum) {
      if ((present >> sum & 1) == 0) continue;
      read.sums[sum] = in.fixed<float>();
      if (!(read.sums[sum] > 0) || !std::isfinite(read.sums[sum])) return false;
    }
    if (!in.ok() || present >> kSums != 0 || read.key <= before || read.time_s > newest_s_) return false;
    before = read.key;
    table_.find_or_insert(read.key) = read;
  }
  return true;
}

}  // namespace handsel::profiles

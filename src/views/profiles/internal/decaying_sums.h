// Five sums a key that fade with time, in one table of bounded size.
//
// A sum is that of exp(-(now - then) / tau) over what was added. It is kept as of the last
// addition and faded when something is added or asked for, never in between, so an idle
// key costs nothing. Time counts in whole seconds: against a tau of days that is an error
// below 1e-5. An addition that comes late (its time lies before the key's newest) counts
// for what is left of it; a question about a moment before the newest addition is
// answered as of that addition, as what came since cannot be taken out again.
//
// When full, the weakest eighth goes: least faded clicks, favourites, carts and purchases,
// a showing counting kShownStrength of one. Which ones depends on nothing but what was
// added, in its order.
//
// Not thread safe. 40 bytes an entry with the free slots.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/core/bytes.h"
#include "views/profiles/counters.h"
#include "views/profiles/internal/flat_table.h"

namespace handsel::profiles {

enum class Sum : std::uint8_t { kShown, kClicks, kFavourites, kCarts, kPurchases };
inline constexpr std::size_t kSums = 5;
inline constexpr double kShownStrength = 0.05;

class DecayingSums {
 public:
  DecayingSums(double tau_s, std::size_t entries_max) : tau_s_(tau_s), entries_max_(entries_max) {}

  void add(std::uint64_t key, std::int64_t time_ms, Sum sum, double amount);
  Counts find(std::uint64_t key, std::int64_t now_ms) const;

  // All of it: u32 newest_s, varint entries, and of each, by key: u64 key, u32 time_s, u8 which sums are
  // not 0, and those (float). 17 bytes an entry that was only shown.
  void put(std::string& out) const;
  // In place of what was there. False where the bytes make no sense; then this may not be used any more.
  bool take(ByteReader& in);

  void prefetch(std::uint64_t key) const { table_.prefetch(key); }
  std::size_t size() const { return table_.size(); }
  std::size_t bytes() const { return table_.bytes(); }

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::uint32_t time_s = 0;
    std::array<float, kSums> sums{};
  };
  static_assert(sizeof(Entry) == 32);  // two in a cache line

  double fading(std::uint32_t from_s, std::uint32_t to_s) const;
  double strength(const Entry& entry) const;
  void drop_weakest();

  double tau_s_;
  std::size_t entries_max_;
  std::uint32_t newest_s_ = 0;
  FlatTable<Entry> table_;
};

}  // namespace handsel::profiles

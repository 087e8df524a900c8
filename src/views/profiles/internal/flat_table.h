// A compact table from 64-bit hashes to small entries, open addressing with linear
// probing, at most four fifths full.
//
// `Entry` is trivially copyable and has a member `std::uint64_t key`; key 0 means 'empty',
// so callers turn a hash of 0 into 1 with table_key(). The home of a key is the high part
// of key * capacity (Lemire 2019, "Fast random integer generation in an interval"), which
// lets the table grow by half and not by double. Keys are hashes already: their high bits
// must be well mixed, their low bits are free for choosing a shard.
//
// Not thread safe. References end with the next insertion or removal.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

namespace handsel::profiles {

inline std::uint64_t table_key(std::uint64_t hash) {
  return hash == 0 ? 1 : hash;
}

template <typename Entry>
class FlatTable {
  static_assert(std::is_trivially_copyable_v<Entry>);

 public:
  const Entry* find(std::uint64_t key) const {
    if (slots_.empty()) return nullptr;
    const Entry& slot = slots_[place_of(key)];
    return slot.key == key ? &slot : nullptr;
  }

  // The entry of `key`; a fresh one, zeros but for the key, where there was none.
  Entry& find_or_insert(std::uint64_t key) {
    if (!has_room(size_ + 1, slots_.size())) grow();
    Entry& slot = slots_[place_of(key)];
    if (slot.key != key) {
      slot = Entry{};
      slot.key = key;
      ++size_;
    }
    return slot;
  }

  bool erase(std::uint64_t key) {
    if (slots_.empty()) return false;
    std::size_t hole = place_of(key);
    if (slots_[hole].key != key) return false;
    close(hole);
    --size_;
    return true;
  }

  // Room for so many entries: the room that they would have made one after the other.
  void reserve(std::size_t entries) {
    std::size_t slots = std::max(kSlotsAtFirst, slots_.size());
    while (!has_room(entries, slots)) slots += slots / 2;
    if (slots != slots_.size()) move_to(slots);
  }

  // Asks for the cache line of a key that will be looked up soon.
  void prefetch(std::uint64_t key) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[home_of(key)]);
  }

  // Keeps those of which `stays(entry)` is true.
  template <typename Stays>
  void keep_if(Stays stays) {
    std::vector<Entry> old(slots_.size());
    old.swap(slots_);
    size_ = 0;
    for (const Entry& entry : old) {
      if (entry.key == 0 || !stays(entry)) continue;
      slots_[place_of(entry.key)] = entry;
      ++size_;
    }
  }

  template <typename Visit>
  void visit(Visit visit) const {
    for (const Entry& entry : slots_) {
      if (entry.key != 0) visit(entry);
    }
  }

  // Those of which `wanted(entry)` is true, by key: the same entries give the same sequence, whatever
  // the order in which they came.
  template <typename Wanted>
  std::vector<Entry> sorted(Wanted wanted) const {
    std::vector<Entry> entries;
    visit([&](const Entry& entry) {
      if (wanted(entry)) entries.push_back(entry);
    });
    std::ranges::sort(entries, {}, &Entry::key);
    return entries;
  }

  void clear() {
    std::ranges::fill(slots_, Entry{});
    size_ = 0;
  }

  std::size_t size() const { return size_; }
  std::size_t bytes() const { return slots_.size() * sizeof(Entry); }

 private:
  static constexpr std::size_t kSlotsAtFirst = 16;

  static bool has_room(std::size_t entries, std::size_t slots) { return entries * 5 <= slots * 4; }

  std::size_t home_of(std::uint64_t key) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::size_t>((static_cast<Wide>(key) * slots_.size()) >> 64);
  }

  std::size_t after(std::size_t slot) const { return slot + 1 == slots_.size() ? 0 : slot + 1; }

  // Where the key is, or the free slot where it would go. There is always a free slot.
  std::size_t place_of(std::uint64_t key) const {
    std::size_t slot = home_of(key);
    while (slots_[slot].key != key && slots_[slot].key != 0) slot = after(slot);
    return slot;
  }

  void grow() { move_to(std::max(kSlotsAtFirst, slots_.size() + slots_.size() / 2)); }

  void move_to(std::size_t slots) {
    std::vector<Entry> old(slots);
    old.swap(slots_);
    for (const Entry& entry : old) {
      if (entry.key != 0) slots_[place_of(entry.key)] = entry;
    }
  }

  // Moves later entries of the run back, so that probing needs no tombstones (Knuth, The
  // Art of Computer Programming, volume 3, 6.4, algorithm R).
  void close(std::size_t hole) {
    for (std::size_t slot = after(hole); slots_[slot].key != 0; slot = after(slot)) {
      const std::size_t home = home_of(slots_[slot].key);
      const bool home_lies_after_hole = hole < slot ? home > hole && home <= slot : home > hole || home <= slot;
      if (home_lies_after_hole) continue;
      slots_[hole] = slots_[slot];
      hole = slot;
    }
    slots_[hole] = Entry{};
  }

  std::vector<Entry> slots_;
  std::size_t size_ = 0;
};

}  // namespace handsel::profiles

// A weight for each (query, listing) pair: a flat hash table, 16 bytes a slot, at most 7 of
// 10 slots taken.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/core/hash.h"

namespace handsel::graph::internal {

struct Pair {
  std::uint32_t query = 0;
  std::uint32_t listing = 0;
};

// One thread. Weights are above 0.
class PairSums {
 public:
  // Room for `pairs` before it grows. What is copied from another table, in that one's order,
  // needs as much room as that had: half the room would be filled from one end.
  explicit PairSums(std::size_t pairs = 0) : slots_(std::bit_ceil(2 * pairs + 16)) {}

  void add(Pair pair, double weight) {
    if (10 * (size_ + 1) > 7 * slots_.size()) grow();
    Slot& slot = slots_[place_of(key_of(pair))];
    if (slot.key == 0) {
      slot.key = key_of(pair);
      ++size_;
    }
    slot.weight += weight;
  }

  // visit(pair, weight), in no order that means anything.
  template <typename Visit>
  void visit(Visit visit) const {
    for (const Slot& slot : slots_) {
      if (slot.key != 0)
        visit(Pair{static_cast<std::uint32_t>(slot.key >> 32) - 1, static_cast<std::uint32_t>(slot.key)}, slot.weight);
    }
  }

  void scale(double factor) {
    for (Slot& slot : slots_) slot.weight *= factor;
  }

  std::size_t size() const { return size_; }
  std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint64_t key = 0;  // 0: free
    double weight = 0;
  };
  static std::uint64_t key_of(Pair pair) { return (std::uint64_t{pair.query} + 1) << 32 | pair.listing; }
  std::size_t place_of(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = mix64(key) & mask;
    while (slots_[at].key != 0 && slots_[at].key != key) at = (at + 1) & mask;
    return at;
  }
  void grow() {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.key != 0) slots_[place_of(slot.key)] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace handsel::graph::internal

// Counts of nodes, for one walk: a hash table that is sized once and never grows.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "views/graph/graph.h"

namespace handsel::graph::internal {

class VisitCounter {
 public:
  // `nodes_max`: no more than so many different ones between two clear().
  explicit VisitCounter(std::size_t nodes_max) : slots_(std::bit_ceil(2 * nodes_max + 1)) {}

  // Returns the count, this one included.
  std::uint32_t add(Node node) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = (node * 0x9e3779b97f4a7c15ull >> 32) & mask;
    while (slots_[at].count != 0 && slots_[at].node != node) at = (at + 1) & mask;
    slots_[at].node = node;
    return ++slots_[at].count;
  }

  template <typename Visit>
  void visit(Visit visit) const {
    for (const Slot& slot : slots_) {
      if (slot.count != 0) visit(slot.node, slot.count);
    }
  }

  void clear() { slots_.assign(slots_.size(), {}); }

 private:
  struct Slot {
    Node node = 0;
    std::uint32_t count = 0;
  };
  std::vector<Slot> slots_;
};

}  // namespace handsel::graph::internal

// From weights to an alias table: any number of outcomes, drawn in constant time.
//
// M. D. Vose, "A linear algorithm for generating random numbers with a given
// distribution", IEEE Transactions on Software Engineering 17(9), 1991. The odds are
// kept in 32 bits: each outcome's are exact to 2^-32 of an even share.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "views/graph/internal/graph_file.h"

namespace handsel::graph::internal {

struct WeightedTarget {
  Node target = 0;
  float weight = 0;  // finite, above 0
};

// Scratch space is kept between calls; one thread.
class AliasTableBuilder {
 public:
  // One Edge for each target, in their order. Time in proportion to them.
  void build(std::span<const WeightedTarget> targets, std::span<Edge> out);

 private:
  std::vector<double> share_;  // of an even share: 1 is as likely as the others
  std::vector<std::uint32_t> poor_;
  std::vector<std::uint32_t> rich_;
};

// The outcome for a uniform 64-bit number: its product with the size of the row has the
// edge in the high half and, independent of that, a uniform number in the low one.
struct Draw {
  std::uint32_t edge = 0;
  std::uint32_t fraction = 0;
};
inline Draw draw_of(std::uint64_t random, std::uint32_t size) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(random) * size;
  return {static_cast<std::uint32_t>(product >> 64),
          static_cast<std::uint32_t>(static_cast<std::uint64_t>(product) >> 32)};
}

inline Node follow(const Edge& edge, std::uint32_t fraction) {
  return fraction < edge.threshold ? edge.target : edge.alias;
}

}  // namespace handsel::graph::internal

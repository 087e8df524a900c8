// The vectors of the candidates, found once for all that compare them with something.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "views/index/index.h"
#include "views/vectors/vector_index.h"

namespace handsel::features {

class CandidateVectors {
 public:
  // Borrows the vectors. Null: no candidate has one.
  CandidateVectors(const index::Snapshot& snapshot, std::span<const index::Hit> candidates,
                   const vectors::VectorSnapshot* vectors);

  // In half precision; empty where the candidate has none.
  std::span<const std::uint16_t> of(std::size_t candidate) const { return halves_[candidate]; }

  // Of each candidate with `direction`, which has length 1; NaN where the candidate has no vector of
  // that many numbers, or `direction` is empty. `out` has a place for each candidate.
  void cosines(std::span<const float> direction, std::span<double> out) const;

 private:
  std::vector<std::span<const std::uint16_t>> halves_;
};

}  // namespace handsel::features

// Which parts become one, so that there are few of them and each listing is written and linked few times.
//
// Pure functions; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <unordered_set>
#include <vector>

#include "views/vectors/parts.h"

namespace handsel::vectors {

// For one flat file: what is in memory, and flat files that are no larger and not `claimed` by a build. So the number
// of files stays about the logarithm of their rows. Empty where nothing is in memory.
std::vector<Part> choose_flush(std::span<const Part> parts, const std::unordered_set<const Segment*>& claimed);

// For one graph; empty: nothing is worth it now. `exact_max`, `tail_max`: of VectorOptions. Each build at least doubles
// the graphs that it takes in.
std::vector<Part> choose_build(std::span<const Part> parts, std::size_t exact_max, std::size_t tail_max);

}  // namespace handsel::vectors

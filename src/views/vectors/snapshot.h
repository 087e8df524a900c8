// What readers see: the parts of one moment.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "views/vectors/parts.h"
#include "views/vectors/vector_index.h"

namespace handsel::vectors {

std::shared_ptr<const VectorSnapshot> make_snapshot(std::vector<Part> parts, std::size_t dimensions);

}  // namespace handsel::vectors

// Several segments become one, without their dead documents.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "views/index/index.h"
#include "views/index/segment.h"

namespace handsel::index {

// Writes the merged segment to `sink`. Documents keep their order: those of the first
// source, then of the second. Memory: 4 bytes a term and a document of the sources,
// the dictionary and the ids; postings and forward records stream through.
// `kept` receives, for each source, its documents that stay, in order.
Result<void> merge_segments(std::span<const SegmentView> sources, std::uint64_t fingerprint, SegmentSink& sink,
                            std::vector<std::vector<std::uint32_t>>& kept);

}  // namespace handsel::index

// Which segments are merged next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace handsel::index {

inline constexpr std::size_t kMergeWidth = 8;     // segments of one size class that become one
inline constexpr double kDeadShareMax = 0.3;      // above it a segment is written anew
inline constexpr std::uint32_t kSmallest = 1024;  // below it all sizes are one class

struct PartSize {
  std::uint32_t documents = 0;  // dead ones too
  std::uint32_t live = 0;
};

// Positions in `parts` to merge into one, ascending; empty: nothing to do. Size classes grow by
// kMergeWidth, so a document is rewritten about log8(N / kSmallest) times.
std::vector<std::size_t> choose_merge(std::span<const PartSize> parts);

}  // namespace handsel::index

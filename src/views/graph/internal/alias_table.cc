#include "views/graph/internal/alias_table.h"

#include <cmath>
#include <limits>

namespace handsel::graph::internal {
namespace {

std::uint32_t threshold_of(double share) {
  const double scaled = std::round(share * 0x1p32);
  return scaled >= 0x1p32 ? std::numeric_limits<std::uint32_t>::max() : static_cast<std::uint32_t>(scaled);
}

}  // namespace

void AliasTableBuilder::build(std::span<const WeightedTarget> targets, std::span<Edge> out) {
  double sum = 0;
  for (const WeightedTarget& target : targets) sum += target.weight;
  const double even = static_cast<double>(targets.size()) / sum;
  share_.resize(targets.size());
  poor_.clear();
  rich_.clear();
  for (std::uint32_t i = 0; i < targets.size(); ++i) {
    share_[i] = targets[i].weight * even;
    // Whoever is left over at the end, by rounding alone, keeps a whole share.
    out[i] = {targets[i].target, targets[i].target, std::numeric_limits<std::uint32_t>::max()};
    (share_[i] < 1 ? poor_ : rich_).push_back(i);
  }
  while (!poor_.empty() && !rich_.empty()) {
    const std::uint32_t poor = poor_.back();
    const std::uint32_t rich = rich_.back();
    poor_.pop_back();
    out[poor].threshold = threshold_of(share_[poor]);
    out[poor].alias = targets[rich].target;
    share_[rich] -= 1 - share_[poor];
    if (share_[rich] < 1) {
      rich_.pop_back();
      poor_.push_back(rich);
    }
  }
}

}  // namespace handsel::graph::internal

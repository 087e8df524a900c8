#include "views/vectors/merge_policy.h"

#include <algorithm>
#include <utility>

namespace handsel::vectors {
namespace {

constexpr double kDeadShareMax = 0.3;  // a graph with more dead listings is built again

}  // namespace

std::vector<Part> choose_flush(std::span<const Part> parts, const std::unordered_set<const Segment*>& claimed) {
  std::vector<Part> chosen;
  std::vector<Part> flat;
  std::size_t rows = 0;
  for (const Part& part : parts) {
    if (part.in_memory()) {
      rows += part.live();
      chosen.push_back(part);
    } else if (!part.segment->has_graph() && !claimed.contains(part.segment.get())) {
      flat.push_back(part);
    }
  }
  if (chosen.empty()) return {};
  std::ranges::sort(flat, {}, &Part::live);
  for (Part& part : flat) {
    if (part.live() > rows) break;
    rows += part.live();
    chosen.push_back(std::move(part));
  }
  return chosen;
}

std::vector<Part> choose_build(std::span<const Part> parts, std::size_t exact_max, std::size_t tail_max) {
  std::vector<Part> chosen;
  std::vector<Part> graphs;
  std::size_t live = 0;
  std::size_t rows = 0;  // of the new graph
  for (const Part& part : parts) {
    live += part.live();
    if (part.segment->has_graph()) {
      graphs.push_back(part);
    } else {
      rows += part.live();
      chosen.push_back(part);
    }
  }
  if (live <= exact_max) return {};
  if (rows < tail_max) {
    rows = 0;
    chosen.clear();
  }
  std::ranges::sort(graphs, {}, &Part::live);
  for (Part& part : graphs) {
    const bool is_mostly_dead = part.dead->count > kDeadShareMax * part.segment->rows();
    if (!is_mostly_dead && part.live() > rows) continue;
    rows += part.live();
    chosen.push_back(std::move(part));
  }
  return chosen;
}

}  // namespace handsel::vectors

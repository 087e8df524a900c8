#include "views/index/merge_policy.h"

#include <algorithm>
#include <map>

#include "views/index/postings.h"

namespace handsel::index {
namespace {

int size_class(std::uint32_t live) {
  int result = 0;
  for (std::uint64_t limit = kSmallest; live > limit; limit *= kMergeWidth) ++result;
  return result;
}

}  // namespace

std::vector<std::size_t> choose_merge(std::span<const PartSize> parts) {
  std::map<int, std::vector<std::size_t>> classes;
  for (std::size_t i = 0; i < parts.size(); ++i) classes[size_class(parts[i].live)].push_back(i);
  for (const auto& [number, members] : classes) {
    if (members.size() < kMergeWidth) continue;
    std::vector<std::size_t> chosen;
    std::uint64_t live = 0;
    for (const std::size_t i : members) {
      live += parts[i].live;
      if (live > kSegmentDocumentsMax) break;
      chosen.push_back(i);
    }
    if (chosen.size() > 1) return chosen;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double dead = parts[i].documents - parts[i].live;
    if (dead > kDeadShareMax * parts[i].documents) return {i};
  }
  return {};
}

}  // namespace handsel::index

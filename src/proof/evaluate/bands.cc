#include "proof/evaluate/bands.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "base/core/hash.h"

namespace handsel::evaluate {

void QueryBands::add(std::string_view query) {
  ++asked_[hash64(query)];
}

void QueryBands::finish() {
  std::vector<std::uint64_t> counts;
  std::uint64_t searches = 0;
  for (const auto& [query, count] : asked_) {
    counts.push_back(count);
    searches += count;
  }
  std::ranges::sort(counts, std::greater<>());
  std::uint64_t before = 0;
  for (const std::uint64_t count : counts) {
    if (3 * before < searches) head_from_ = count;
    if (3 * before < 2 * searches) torso_from_ = count;
    before += count;
  }
}

std::string_view QueryBands::of(std::string_view query) const {
  const auto found = asked_.find(hash64(query));
  if (found == asked_.end()) return "unasked";
  return found->second >= head_from_ ? "head" : found->second >= torso_from_ ? "torso" : "tail";
}

}  // namespace handsel::evaluate

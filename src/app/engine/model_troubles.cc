#include "app/engine/model_troubles.h"

#include <algorithm>

#include <fmt/format.h>

namespace handsel {

void ModelTroubles::note(std::span<const search::ModelTrouble> troubles, std::int64_t now_ms) {
  if (troubles.empty()) return;
  const std::lock_guard lock(mutex_);
  for (const search::ModelTrouble& trouble : troubles) {
    const auto at = std::ranges::find(search::kModelStages, trouble.stage) - std::begin(search::kModelStages);
    HANDSEL_CHECK(static_cast<std::size_t>(at) < stages_.size());
    Stage& stage = stages_[static_cast<std::size_t>(at)];
    ++stage.count;
    stage.last_ms = now_ms;
    stage.what = trouble.what;
  }
}

std::map<std::string, std::uint64_t, std::less<>> ModelTroubles::counts() const {
  std::map<std::string, std::uint64_t, std::less<>> counts;
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < stages_.size(); ++i) counts.emplace(search::kModelStages[i], stages_[i].count);
  return counts;
}

std::vector<std::string> ModelTroubles::recent(std::int64_t now_ms) const {
  std::vector<std::string> reasons;
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const Stage& stage = stages_[i];
    if (stage.count == 0 || now_ms - stage.last_ms > kToldForMs) continue;
    reasons.push_back(fmt::format("the {} failed in {} searches since the start, and they went on without it: {}",
                                  search::kModelStages[i], stage.count, stage.what));
  }
  return reasons;
}

}  // namespace handsel

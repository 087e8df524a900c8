#include "ranking/features/candidate_attributes.h"

#include "views/profiles/leanings.h"

namespace handsel::features {

CandidateAttributes::CandidateAttributes(const index::Snapshot& snapshot, std::span<const index::Hit> candidates,
                                         bool wanted)
    : begins_(candidates.size() + 1) {
  if (!wanted) return;
  std::vector<std::uint64_t> hashes;
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    hashes.clear();
    index::append_attribute_hashes(snapshot, candidates[k].doc, hashes);
    for (const std::uint64_t hash : hashes) keys_.push_back(profiles::attribute_key(hash));
    begins_[k + 1] = keys_.size();
  }
}

}  // namespace handsel::features

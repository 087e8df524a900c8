#include "ranking/features/candidate_counts.h"

#include "ranking/features/feature.h"

namespace handsel::features {

CandidateCounts::CandidateCounts(const index::Snapshot& snapshot, std::span<const index::Hit> candidates,
                                 const Signals& signals)
    : known(signals.counters != nullptr) {
  if (!known) return;
  all = signals.counters->of_all(signals.now_ms);
  of_listing.reserve(candidates.size());
  of_pair.reserve(candidates.size());
  for (const index::Hit& hit : candidates) {
    const std::string_view id = index::doc_info(snapshot, hit.doc).id;
    of_listing.push_back(signals.counters->of_listing(id, signals.now_ms));
    of_pair.push_back(signals.counters->of_pair(signals.normalised_query, id, signals.now_ms));
  }
}

}  // namespace handsel::features

// How often the candidates were shown, clicked and bought: looked up once for all features that say so.
#pragma once

#include <span>
#include <vector>

#include "views/index/index.h"
#include "views/profiles/counters.h"

namespace handsel::features {

struct Signals;

struct CandidateCounts {
  // Nothing where there are no counters.
  CandidateCounts(const index::Snapshot& snapshot, std::span<const index::Hit> candidates, const Signals& signals);

  bool known = false;
  profiles::Counts all;                      // of everything together
  std::vector<profiles::Counts> of_listing;  // by candidate
  std::vector<profiles::Counts> of_pair;     // by candidate: for this very query
};

}  // namespace handsel::features

// Which candidates are worth all features. Most of a search's time goes into features, and most candidates never
// come near the first page: what costs little to know says which.
//
//   first(d) = sum over x of (x(d) - mean of x) / deviation of x, mean and deviation over the candidates
//   x: the index's score; the cosine with the query; the walk's score; how much of what the words name
//      the listing's attributes say
//
// Each in its own standard deviations, so that nothing is tuned; what is not known of a candidate counts as the
// mean. (CombSUM of Fox & Shaw, TREC-2 1994, with the z-scores of Montague & Aslam, CIKM 2001; ranking in two passes
// is a cascade: Wang, Lin & Metzler, SIGIR 2011.)
//
// Pure; any thread. About a microsecond a candidate.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ranking/features/feature.h"
#include "views/index/index.h"

namespace handsel::pipeline {

struct FirstPass {
  std::vector<std::size_t> kept;    // numbers of candidates, ascending
  std::vector<std::size_t> guests;  // of the others, those that are to be ranked all the same
  std::vector<std::size_t> left;    // of the others, the best first
};

// Keeps the best `keep`; `guests`, which is sorted, may come from the others. Without an encoder all are kept: a
// score of words alone leaves too much to the features that look at what candidates share.
FirstPass first_pass(const index::Snapshot& snapshot, std::span<const index::Hit> candidates,
                     const features::Signals& signals, std::size_t keep, std::span<const index::DocRef> guests);

}  // namespace handsel::pipeline

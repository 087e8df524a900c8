// How near candidates are to each word of the query: compared once for all features that say so.
#pragma once

#include <span>
#include <vector>

#include "ranking/features/candidate_vectors.h"

namespace handsel::features {

struct Signals;

// Cosines less the greatest of the first `peers` of them: 0 for the nearest of these. NaN where the cosine is.
void behind_nearest(const CandidateVectors& vectors, std::span<const float> direction, std::size_t peers,
                    std::span<double> out);

// By candidate, over the words of the query: how far it is behind the nearest one in the word where it is farthest
// behind, and on average. NaN where words have no vectors or the candidate has none.
struct CandidateWords {
  CandidateWords(const CandidateVectors& vectors, std::size_t candidates, std::size_t peers, const Signals& signals);

  std::vector<double> least;
  std::vector<double> mean;
};

}  // namespace handsel::features

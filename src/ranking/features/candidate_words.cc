#include "ranking/features/candidate_words.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ranking/features/feature.h"

namespace handsel::features {

void behind_nearest(const CandidateVectors& vectors, std::span<const float> direction, std::size_t peers,
                    std::span<double> out) {
  vectors.cosines(direction, out);
  double nearest = -1;
  for (const double x : out.first(peers)) nearest = std::isnan(x) ? nearest : std::max(nearest, x);
  for (double& x : out) x -= nearest;
}

CandidateWords::CandidateWords(const CandidateVectors& vectors, std::size_t candidates, std::size_t peers,
                               const Signals& signals)
    : least(candidates, std::numeric_limits<double>::quiet_NaN()), mean(least) {
  const std::size_t dimensions = signals.query_vector.size();
  std::vector<double> behind(candidates);
  double words = 0;
  for (std::size_t at = 0; dimensions > 0 && at + dimensions <= signals.word_vectors.size(); at += dimensions) {
    behind_nearest(vectors, signals.word_vectors.subspan(at, dimensions), peers, behind);
    ++words;
    for (std::size_t k = 0; k < candidates; ++k) {
      least[k] = std::isnan(least[k]) ? behind[k] : std::min(least[k], behind[k]);
      mean[k] = std::isnan(mean[k]) ? behind[k] : mean[k] + behind[k];
    }
  }
  for (double& x : mean) x /= words;  // without words all are NaN
}

}  // namespace handsel::features

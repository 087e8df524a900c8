// similarity_feedback: cosine of the listing and of what the best candidates are about; -1 to
// 1, NaN where there is no encoder or the listing has no vector yet.
//
//   centre = sum over the top kTop of share of the scores * vector, brought to length 1
//
// Rocchio's feedback (1971) in the space of the encoder: what many good candidates have in
// common says more of the query than its few words.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/math/vector_kernels.h"
#include "ranking/features/candidate_vectors.h"
#include "ranking/features/feature.h"
#include "ranking/features/top_candidates.h"

namespace handsel::features {
namespace {

constexpr std::size_t kTop = 10;

}  // namespace

void similarity_feedback(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  if (input.signals.query_vector.empty()) return;
  std::vector<double> sum;
  for (const WeightedCandidate& best : top_candidates(input, kTop)) {
    const std::span<const std::uint16_t> vector = input.vectors.of(best.number);
    if (sum.empty()) sum.resize(vector.size());
    for (std::size_t i = 0; i < vector.size(); ++i) sum[i] += best.weight * from_half(vector[i]);
  }
  double squares = 0;
  for (const double x : sum) squares += x * x;
  if (squares <= 0) return;
  std::vector<float> centre;
  for (const double x : sum) centre.push_back(static_cast<float>(x / std::sqrt(squares)));
  input.vectors.cosines(centre, out);
}

}  // namespace handsel::features

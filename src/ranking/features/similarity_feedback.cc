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

#include "ranking/features/rates.h"
#include "ranking/features/top_candidates.h"
#include "views/vectors/vector_index.h"

namespace handsel::features {
namespace {

constexpr std::size_t kTop = 10;

}  // namespace

void similarity_feedback(const FeatureInput& input, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  if (input.signals.vectors == nullptr || input.signals.similarity.empty()) return;
  std::vector<float> vector(input.signals.dimensions);
  std::vector<double> centre(vector.size());
  for (const WeightedCandidate& best : top_candidates(input, kTop)) {
    if (!input.signals.vectors->vector_of(id_of(input, best.number), vector)) continue;
    for (std::size_t i = 0; i < vector.size(); ++i) centre[i] += best.weight * vector[i];
  }
  double squares = 0;
  for (const double x : centre) squares += x * x;
  if (squares <= 0) return;
  for (std::size_t k = 0; k < out.size(); ++k) {
    if (!input.signals.vectors->vector_of(id_of(input, k), vector)) continue;
    double sum = 0;
    for (std::size_t i = 0; i < vector.size(); ++i) sum += centre[i] * vector[i];
    out[k] = sum / std::sqrt(squares);
  }
}

}  // namespace handsel::features

#include "ranking/features/candidate_vectors.h"

#include <limits>

#include "base/math/vector_kernels.h"

namespace handsel::features {

CandidateVectors::CandidateVectors(const index::Snapshot& snapshot, std::span<const index::Hit> candidates,
                                   const vectors::VectorSnapshot* vectors)
    : halves_(candidates.size()) {
  if (vectors == nullptr) return;
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    halves_[k] = vectors->halves_of(index::doc_info(snapshot, candidates[k].doc).id, candidates[k].id_hash);
  }
}

void CandidateVectors::cosines(std::span<const float> direction, std::span<double> out) const {
  const VectorKernels& kernels = vector_kernels();
  for (std::size_t k = 0; k < out.size(); ++k) {
    const std::span<const std::uint16_t> own = halves_[k];
    const bool both = !direction.empty() && own.size() == direction.size();
    out[k] =
        both ? kernels.dot_f16(direction.data(), own.data(), own.size()) : std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace handsel::features

// What the candidates say of themselves, as profiles know it: read once for all features of the session.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "views/index/index.h"

namespace handsel::features {

class CandidateAttributes {
 public:
  // Without a profile (`wanted` false) nothing is read.
  CandidateAttributes(const index::Snapshot& snapshot, std::span<const index::Hit> candidates, bool wanted);

  // profiles::attribute_key() of each attribute.
  std::span<const std::uint32_t> of(std::size_t candidate) const {
    return std::span(keys_).subspan(begins_[candidate], begins_[candidate + 1] - begins_[candidate]);
  }

 private:
  std::vector<std::uint32_t> keys_;  // of all candidates, one after the other
  std::vector<std::size_t> begins_;
};

}  // namespace handsel::features

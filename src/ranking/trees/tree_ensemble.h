// Boosted trees that were learned elsewhere, evaluated here: flattened, many rows at once.
//
// Immutable; any thread. Equal to the trainer's own prediction within 1e-6. NaN means
// 'not known' and goes the way that training chose for missing values.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"

namespace handsel::trees {

class TreeEnsemble {
 public:
  // Our own file format (header, feature names, nodes, checksum). Any damage is kCorrupt or
  // kInvalidArgument, never a crash.
  static Result<TreeEnsemble> parse(std::string_view bytes);

  std::span<const std::string> features() const;  // names, in the order of the columns
  std::size_t trees() const;

  // `rows`: count x features().size(); `out`: count scores.
  void predict(std::span<const float> rows, std::span<float> out) const;
  // The obvious twin: one row, one tree, one node at a time.
  void predict_plain(std::span<const float> rows, std::span<float> out) const;

  TreeEnsemble() = default;
  // filled in by the room's own files
};

}  // namespace handsel::trees

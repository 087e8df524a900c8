// Attributes with shares, as three features ask the index for them.
#pragma once

#include <optional>

#include "ranking/features/feature.h"
#include "views/index/value_shares.h"

namespace handsel::features {

// Of attributes such as "color=sage". Nothing where there are none (or null).
std::optional<index::ValueShares> value_shares(const index::Snapshot& snapshot, const Signals::Shares* attributes);

}  // namespace handsel::features

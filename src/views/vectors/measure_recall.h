// How wide the walk over a new graph has to be, and what recall it reaches.
#pragma once

#include <atomic>

#include "views/vectors/parts.h"

namespace handsel::vectors {

inline constexpr float kRecallWanted = 0.98f;  // above kRecallGoal, for the sample errs

// Asks a sample of questions (listings, moved towards another one) at growing effort until the share of
// the exact top 100 that is found reaches kRecallWanted; fills `effort` and `recall_at_100`. The same
// for the same segment. Cost: 64 exact answers, two seconds at a million listings.
void measure_recall(Part& part, const std::atomic<bool>& stopping);

}  // namespace handsel::vectors

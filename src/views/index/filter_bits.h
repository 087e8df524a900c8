// A filter over a segment becomes one bit a document.
#pragma once

#include <memory>

#include "base/core/result.h"
#include "views/index/filter.h"
#include "views/index/filter_cache.h"
#include "views/index/segment.h"

namespace handsel::index {

// kInvalidArgument where it names a column that no listing can have, or one of the wrong kind.
Result<void> check_filter(const Filter& filter);

// Scans columns on the first use and keeps the bits with the segment. Null where
// everything passes. The filter was checked.
std::shared_ptr<const DocBits> filter_bits(const Segment& segment, const Filter& filter);

// The obvious twin, for one document.
bool passes(const Segment& segment, std::uint32_t doc, const Filter& filter);

// Great-circle distance on a sphere of 6,371,008.8 m (haversine).
double distance_m(double latitude_a_deg, double longitude_a_deg, double latitude_b_deg, double longitude_b_deg);

}  // namespace handsel::index

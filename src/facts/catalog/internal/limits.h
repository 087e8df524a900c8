// What may be stored in the catalogue. The importers cut and refuse long before this;
// here it is checked that nobody forgot to.
#pragma once

#include "base/core/result.h"
#include "facts/catalog/listing.h"

namespace handsel::catalog {

// kInvalidArgument or kTooLarge, naming the field. Within the limits, an encoded thing
// is well below the log's kRecordBytesMax.
Result<void> check_limits(const Listing& listing);
Result<void> check_limits(const Shop& shop);
Result<void> check_limits(const TaxonomyNode& node);
Result<void> check_limits(const Review& review);
Result<void> check_limits(const User& user);

}  // namespace handsel::catalog

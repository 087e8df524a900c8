// The last gate before a listing (shop, node, review) leaves an importer, whatever
// format it came from: refuses what cannot be stored, cuts what is too long.
//
// Refused: an id that is empty, longer than kIdBytesMax or not plain text; numbers
// out of range. Cut at a character boundary: text. Dropped: control characters,
// empty and surplus list entries. Any thread.
#pragma once

#include <cstdint>

#include "facts/catalog/import/row.h"
#include "facts/catalog/listing.h"

namespace handsel::catalog {

// One thousand thousand million units: no price of anything, and far from overflow.
inline constexpr std::int64_t kPriceCentsMax = std::int64_t{100} * 1'000'000'000'000;
inline constexpr std::int64_t kCountMax = 1'000'000'000'000;
// Year 2200: later times are mistakes of unit.
inline constexpr std::int64_t kTimeMsMax = 7'258'118'400'000;

RowResult<void> apply_rules(Listing& listing);
RowResult<void> apply_rules(const ListingPatch& patch);
RowResult<void> apply_rules(Shop& shop);
RowResult<void> apply_rules(TaxonomyNode& node);
RowResult<void> apply_rules(Review& review);

// "active", "inactive", "sold_out", "draft", "expired".
std::string_view state_name(ListingState state);
std::optional<ListingState> parse_state(std::string_view name);

}  // namespace handsel::catalog

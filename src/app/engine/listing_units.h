// What unit a listing's events belong to, where an experiment counts shops or places in the taxonomy.
//
// By the catalogue in the log as it was last: a listing that has changed its shop counts for the new one, one that was
// deleted as long as the log still has it. Memory: some 50 bytes a listing and its groups' names. The function may be
// called from one thread at a time.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/core/result.h"
#include "facts/log/log.h"

namespace handsel {

inline constexpr std::size_t kGroupedListingsMax = 50'000'000;

using ListingUnit = std::function<std::string(std::string_view listing_id)>;

// `kind` is "shop" or "taxonomy" ("Home & Living > Kitchen"); an empty function for other kinds, without a look at the
// log. `goes_on` is asked after each listing. kTooLarge: more than kGroupedListingsMax listings. kCancelled: it said
// no.
Result<ListingUnit> listing_units(
    const log::Log& log, std::string_view kind, const std::function<bool()>& goes_on = [] { return true; });

}  // namespace handsel

// What a profile learns of a listing, from the listing itself. Serving, training and the
// event flow all use this one, so that the names meet.
//
// Pure; any thread; a microsecond or two.
#pragma once

#include "facts/catalog/listing.h"
#include "views/profiles/profiles.h"

namespace handsel::profiles {

// Attributes are folded, in this order: the listing's own ("style=boho", "color=sage"),
// "material=linen", "personalizable=true" (where it is), "shop=clay & co" (its id where it has no
// name), "tag=kitchen gift"; the names that index::document_attributes() gives too. The first kListingAttributesMax
// count; names that are too long are left out.
ListingFacts facts_of(const catalog::Listing& listing);

}  // namespace handsel::profiles

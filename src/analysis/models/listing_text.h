// What an imported language model reads of a listing.
//
//   TITLE. LEAF OF THE TAXONOMY. VALUE, VALUE. MATERIAL, MATERIAL. TAG, TAG. DESCRIPTION
//
// In the order of what tells most, since the model cuts the end. Values are those of
// the attributes, in their order. What is empty is left out with its full stop.
//
// Any thread, time in proportion to the result.
#pragma once

#include <string>

#include "facts/catalog/listing.h"

namespace handsel::models {

inline constexpr std::size_t kListingTextValuesMax = 8;  // of attributes, materials, tags: each
inline constexpr std::size_t kListingTextDescriptionBytesMax = 600;

std::string listing_text(const catalog::Listing& listing);

}  // namespace handsel::models

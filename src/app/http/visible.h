// What a key with a filter may see, where the question is not a search itself.
//
// Both ask the engine's search with the key's filter, so that there is one judge of
// filters. A listing is therefore visible to such a key when its searches can find
// it: some milliseconds after a write, and only while it is on sale.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "app/engine/engine.h"
#include "base/core/result.h"
#include "facts/catalog/listing.h"

namespace handsel::http {

// Those of `ids` that pass the filter. A search for every kIdsAtOnce ids, of which the
// longest, all of quotes, still fit the limit of the filter language.
inline constexpr std::size_t kIdsAtOnce = 50;
Result<std::vector<catalog::Listing>> visible_listings(const Engine& engine, std::span<const std::string> ids,
                                                       const std::string& key_filter);

// Completions that lead to something behind the filter. Two searches for each one wanted, at most.
Result<std::vector<Engine::Completion>> visible_completions(const Engine& engine, const std::string& prefix,
                                                            std::size_t limit, const std::string& key_filter);

}  // namespace handsel::http

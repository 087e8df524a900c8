// Pages as a marketplace has them that was never trained: the words alone, by BM25F over titles,
// tags, attributes and descriptions, and some chance.
//
// Where pages come from a ranker that knows what is good, a place is itself a fact about a listing,
// and nobody can tell what the bias of places does. Here places mislead, as they do in the log of
// a marketplace that begins with Handsel (docs/decisions/0010).
#pragma once

#include <cstdint>
#include <string>

#include "app/demo/demo.h"
#include "base/core/result.h"

namespace handsel::demo {

// An evenly spaced sample of the listings, 100,000 at most, is indexed in memory: seconds, and up
// to 400 MB while the ranker lives. The chance is new at every call, so that a listing is seen at
// several places; the same seed gives the same pages. One thread at a time; must not outlive the
// marketplace. `folder` is made, and stays empty.
Result<Ranker> make_word_ranker(const Marketplace& marketplace, const std::string& folder,
                                std::uint64_t noise_seed = 0);

}  // namespace handsel::demo

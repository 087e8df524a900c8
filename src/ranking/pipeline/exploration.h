// Places for listings that are new: nobody can click what is never shown, and what nobody
// clicked a learned ranker puts last.
//
// On the first kFirstPagePlaces places of a ranked head at most one in every
// kPlacesPerNewListing, and none of the first kPlacesLeftAlone, goes to a listing that is
// new and stood behind them. Which place and which of the best new ones is decided by a
// hash of the query and the day: everybody sees the same page all day, another tomorrow.
//
// What it costs is bounded by scores, measured above score_base() (rules.h):
//
//   the new one is worth at least kWorthMin of the one whose place it takes, and
//   the sum of (the one displaced - the new one) stays below kLossMax of the page's sum.
//
// What stands between moves down by one, so the sum of the page loses no more than that.
//
// Pure; any thread. Asks `is_new` only of listings that are worth enough, once for each of
// the two places at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "ranking/pipeline/rank.h"
#include "ranking/pipeline/rules.h"
#include "views/profiles/counters.h"

namespace handsel::pipeline {

inline constexpr std::size_t kFirstPagePlaces = 24;  // whatever the limit, so that pages by offset fit together
inline constexpr std::size_t kPlacesPerNewListing = 12;
inline constexpr std::size_t kPlacesLeftAlone = 3;
inline constexpr std::size_t kBestNewMax = 8;  // of so many the hash chooses
inline constexpr double kWorthMin = 0.8;
inline constexpr double kLossMax = 0.02;

inline constexpr double kNewShownMax = 20;  // showings, decayed as the counters do
inline constexpr std::int64_t kNewAgeMaxMs = 30ll * 24 * 60 * 60 * 1'000;

// Shown less than kNewShownMax times and made less than kNewAgeMaxMs ago; false where the
// catalogue does not say when. One made in the future is new.
bool is_new_listing(const index::Snapshot& snapshot, index::DocRef doc, const profiles::Counters& counters,
                    std::int64_t now_ms);

struct ExplorationAsk {
  std::string_view normalised_query;
  std::int64_t now_ms = 0;                   // of which only the day (UTC) counts
  std::span<const index::DocRef> held = {};  // stay where they are, in growing order (HeldRules::Outcome)
  std::function<bool(index::DocRef)> is_new;
};

// Moves some items up; returns what and where. Scores stay as they are.
std::vector<Move> explore(std::vector<RankedItem>& items, const ExplorationAsk& ask);

}  // namespace handsel::pipeline

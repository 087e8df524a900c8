// What a trial of two rankers on live traffic came to: the recorded answers joined with the
// clicks, carts and purchases that followed them.
//
// The unit is the session: what one person did counts once, for whichever ranker got more of
// it. Three passes over the log, in the memory of the trial's searches and clicks alone:
// some 50 bytes a search. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/core/result.h"
#include "facts/log/log.h"
#include "proof/assignment/interleaving.h"

namespace handsel {

// Longer trials are judged by a part of them, and the outcome says so.
inline constexpr std::size_t kJudgedSearchesMax = 4'000'000;
inline constexpr std::size_t kJudgedActionsMax = 8'000'000;
// With fewer sessions that preferred one of the two, nothing is said.
inline constexpr std::size_t kDecidedSessionsMin = 30;

struct InterleavingOutcome {
  // What the places of one ranker brought.
  struct Credits {
    std::uint64_t shown = 0;
    std::uint64_t clicked = 0;  // places; clicked twice is clicked
    std::uint64_t in_carts = 0;
    std::uint64_t bought = 0;
  };
  std::string serving;  // ids of the rankers; empty: nothing was recorded
  std::string challenger;
  std::int64_t first_ms = 0;
  std::int64_t last_ms = 0;
  std::uint64_t searches = 0;
  std::uint64_t other_searches = 0;   // recorded of other pairs of rankers, and left out
  bool cut = false;                   // there was more than the limits above
  Credits a;                          // the one that serves
  Credits b;                          // the challenger
  assignment::Preference preference;  // its lists are sessions

  std::size_t decided() const { return preference.wins_a + preference.wins_b; }
};

// Of the pair of rankers that was interleaved last.
Result<InterleavingOutcome> interleaving_outcome(const log::Log& log);

// How many more sessions that prefer one are needed; 0: it is decided. Below
// kDecidedSessionsMin up to there; else what a two-sided test at 5 % needs to find the share
// that is seen, or 55 % where that is nearer to a half, four times in five (normal
// approximation; Fleiss, Levin & Paik 2003, "Statistical Methods for Rates and Proportions",
// section 2.5).
std::uint64_t sessions_missing(const InterleavingOutcome& outcome);

// The outcome in words, by rule.
std::string sentence_of(const InterleavingOutcome& outcome);

}  // namespace handsel

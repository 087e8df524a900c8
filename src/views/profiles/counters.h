// How often listings were shown, clicked, favourited, carted and bought: of their own,
// and for a query. Decaying counts, as of a moment: what serving reads now and what
// training reads in a replay of the log are the same code and the same numbers, bit for
// bit where the events come in the same order.
//
// What counts. A search counts one showing of each listing that it names; an impression
// counts one too, unless it belongs to a search that named its listings already (then it
// is the same showing). A click, favourite, cart or purchase counts one, whatever its
// quantity. Other events count nothing.
//
// Which query. That of the search with the event's query_id, remembered for
// query_remembered_ms and at least the newest queries_max / 2 of them; where it is not
// remembered, the event's own words; where there are none, none: then the event counts
// for its listing alone.
//
// Keys are 64-bit hashes without the words behind them. Among n keys, two share one with
// odds of n^2 / 2^65: 1 in 90,000 that it happens at all among 20 million pairs. Such two
// would read each other's counts, nothing worse.
//
// Memory: 40 bytes a listing, pair or remembered query at most, taken as it is needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "facts/events/event.h"
#include "views/profiles/kept_state.h"

namespace handsel::profiles {

// Sums of exp(-age / tau) over events, as of the moment asked for. A moment before the
// newest event of the same key is answered as of that event.
struct Counts {
  double shown = 0;  // weighed by examination where propensities are given, else 1 each
  double clicks = 0;
  double favourites = 0;
  double carts = 0;
  double purchases = 0;
  bool operator==(const Counts&) const = default;
};

struct CounterOptions {
  double tau_ms = 30.0 * 24 * 60 * 60 * 1000;  // at least a second
  std::size_t pairs_max = 20'000'000;          // (query, listing) pairs kept; the weakest go first
  std::size_t listings_max = 10'000'000;       // likewise
  std::size_t queries_max = 2'000'000;         // searches whose words are remembered
  std::int64_t query_remembered_ms = 24ll * 60 * 60 * 1000;
  // What a showing at a place (0 is the first) is worth: the odds that it was looked at.
  // Beyond the end the last one holds; empty: 1 everywhere.
  std::vector<double> examination;
};

// observe: one thread at a time. Reads: any thread, at any time. A read takes two cache
// misses or so; see bench/profiles_bench.cc.
class Counters : public KeptState {
 public:
  static std::unique_ptr<Counters> create(CounterOptions options);
  virtual void observe(const events::Event& event) = 0;  // in the order of the log
  virtual Counts of_listing(std::string_view listing_id, std::int64_t now_ms) const = 0;
  // `normalised_query` as text::normalised_query() makes it. An empty one has no pairs.
  virtual Counts of_pair(std::string_view normalised_query, std::string_view listing_id, std::int64_t now_ms) const = 0;
  virtual Counts of_all(std::int64_t now_ms) const = 0;  // of everything together; for smoothing

  struct Stats {
    std::size_t listings = 0;
    std::size_t pairs = 0;
    std::size_t queries = 0;  // remembered
    std::size_t bytes = 0;
  };
  virtual Stats stats() const = 0;
  virtual std::size_t bytes() const = 0;
};

}  // namespace handsel::profiles

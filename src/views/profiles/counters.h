// How often listings were shown, clicked, favourited, carted and bought: of their own,
// and for a query. Decaying counts, as of a moment: what serving reads now and what
// training reads in a replay of the log are the same code and the same numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "facts/events/event.h"

namespace handsel::profiles {

// Sums of exp(-age / tau) over events, as of the moment asked for.
struct Counts {
  double shown = 0;      // weighed by examination where propensities are known, else 1 each
  double clicks = 0;
  double favourites = 0;
  double carts = 0;
  double purchases = 0;
};

struct CounterOptions {
  double tau_ms = 30.0 * 24 * 60 * 60 * 1000;
  std::size_t pairs_max = 20'000'000;  // (query, listing) pairs kept; the weakest go first
};

// observe: one thread. Reads: any thread.
class Counters {
 public:
  static std::unique_ptr<Counters> create(CounterOptions options);
  virtual ~Counters() = default;
  virtual void observe(const events::Event& event) = 0;  // in the order of the log
  virtual Counts of_listing(std::string_view listing_id, std::int64_t now_ms) const = 0;
  virtual Counts of_pair(std::string_view normalised_query, std::string_view listing_id, std::int64_t now_ms) const = 0;
  virtual Counts of_all(std::int64_t now_ms) const = 0;  // for smoothing
  virtual std::size_t bytes() const = 0;
};

// Lower case, folded, one space between words: the name of a query in counters and graph.
std::string normalised_query(std::string_view query);

}  // namespace handsel::profiles

// Events become searches with their outcomes: what was shown, in which place, and what the
// person did with it.
//
// Events are observed in the order of the log. A search event with a query_id opens a search
// (further pages of it add rows); clicks, views, favourites, carts, purchases, hides and
// reports with that query_id are its outcomes, whenever they come until the search closes. A
// purchase without a query_id belongs to the session's last open search in which its listing
// was acted on. A search closes `window_ms` after it was opened, by the events' own times, or when
// more than `open_max` are open; closed ones are handed out in the order in which they were
// opened.
//
// Features of a row must be those of the moment when the search was answered, not of the
// moment when it closes (as-of-time join). So the caller replays twice: first with a
// collector, which tells the searches worth learning from; then, at the search event of each
// of those, it computes features from what serving would have known. The same log and options
// give the same searches. One thread; memory is bounded by open_max x kShownMax rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "facts/events/event.h"
#include "ranking/learning/objective.h"

namespace handsel::learning {

struct ShownListing {
  std::string listing_id;
  std::int64_t place = 0;  // 0 is the first
  Outcome outcome;         // what was bought is in units of `currency`
  std::string currency;    // of the last purchase
};

struct CollectedSearch {
  std::string query_id;
  std::string query;     // as it was typed
  std::string language;  // that it was asked in, where it was named
  std::string country;   // of who asked, where it was named
  std::string sort;      // the column of its order; empty: by relevance
  std::string session_id;
  std::string user_id;
  std::int64_t time_ms = 0;         // of the first page
  std::vector<ShownListing> shown;  // by place; a listing stands once, where it stood first
};

struct CollectorOptions {
  std::int64_t window_ms = 30 * 60 * 1000;
  std::size_t open_max = 50'000;
  std::size_t shown_max = 500;  // of one search; later places are not kept
  std::string surface;          // only searches of that surface; empty: all
};

class SearchCollector {
 public:
  using Done = std::function<void(const CollectedSearch&)>;

  SearchCollector(CollectorOptions options, Done done);

  void observe(const events::Event& event);
  // Closes what is open; after the last event.
  void finish();

  struct Counts {
    std::uint64_t searches = 0;       // opened
    std::uint64_t actions = 0;        // that found their row
    std::uint64_t stray_actions = 0;  // of a search that is closed or unknown, or of a listing it did not show
    std::uint64_t closed_early = 0;   // by open_max
  };
  const Counts& counts() const { return counts_; }

 private:
  struct Open {
    CollectedSearch search;
    std::unordered_map<std::string, std::size_t> row_of;  // listing id -> shown
  };

  void open_page(const events::Event& event);
  void act(const events::Event& event);
  Open* find(const events::Event& event);
  void close_first();

  const CollectorOptions options_;
  const Done done_;
  std::deque<std::unique_ptr<Open>> open_;  // oldest first
  std::unordered_map<std::string, Open*> by_query_id_;
  std::unordered_map<std::string, Open*> last_acted_;  // "session\nlisting"
  std::int64_t now_ms_ = 0;
  Counts counts_;
};

}  // namespace handsel::learning

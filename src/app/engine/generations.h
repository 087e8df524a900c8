// What reads look at: the newest view, and for a while those that a cursor was
// handed out for, so that the next page comes from the same set of listings.
//
// Thread safe. A generation is kept while a cursor of it is younger than
// kCursorAgeMs, but never more than kGenerationsMax of them: beyond that the oldest
// goes, and its cursors go on from the nearest generation that is left (they name a
// place in the order, so a page is never empty or repeated for that reason).
// Costs a lock and a few pointers per call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

#include "views/index/index.h"

namespace handsel {

namespace query {
class QueryModel;
}

inline constexpr std::size_t kGenerationsMax = 32;
inline constexpr std::int64_t kCursorAgeMs = 60'000;

// Everything that one read sees. Immutable.
struct View {
  std::shared_ptr<const index::Snapshot> snapshot;
  std::shared_ptr<const query::QueryModel> query_model;  // null until the first was built
};

class Generations {
 public:
  explicit Generations(View first) : newest_(std::move(first)) {}

  void publish(std::shared_ptr<const index::Snapshot> snapshot);
  void publish(std::shared_ptr<const query::QueryModel> query_model);
  View newest() const;

  // Keeps the view for the cursor that was just made of it.
  void keep(const View& view, std::int64_t now_ms);
  // The view of that generation, or the nearest one that is still there.
  View find(std::uint64_t generation, std::int64_t now_ms);
  // Forgets all but the newest; how many that were. For a process short of memory.
  std::size_t drop_kept();
  std::size_t kept() const;

 private:
  struct Kept {
    View view;
    std::int64_t until_ms = 0;
  };
  void drop_old(std::int64_t now_ms);

  mutable std::mutex mutex_;
  View newest_;
  std::deque<Kept> kept_;  // in the order in which they were last used
};

}  // namespace handsel

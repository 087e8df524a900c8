// Which words a query id stood for: the last so many searches, for so long.
//
// Two tables, of which the newer one is filled; when it holds half of what may be kept,
// or is as old as a query is remembered, it becomes the older one and the older one is
// forgotten. So forgetting costs nothing and at least the newest half is known.
//
// One thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "base/core/hash.h"
#include "views/profiles/internal/flat_table.h"

namespace handsel::profiles {

struct RememberedQuery {
  std::uint64_t query = 0;      // hash of the normalised words; 0: there were none
  bool names_listings = false;  // the search said what it showed
};

class QueryMemory {
 public:
  QueryMemory(std::size_t queries_max, std::int64_t remembered_ms)
      : half_(queries_max / 2 + 1), remembered_ms_(remembered_ms) {}

  void remember(std::string_view query_id, std::int64_t time_ms, RememberedQuery query) {
    time_ms = std::max<std::int64_t>(time_ms, 0);
    newest_ms_ = std::max(newest_ms_, time_ms);
    if (newer_.size() == 0) began_ms_ = newest_ms_;
    if (newer_.size() >= half_ || newest_ms_ - began_ms_ > remembered_ms_) {
      std::swap(newer_, older_);
      newer_.clear();
      began_ms_ = newest_ms_;
    }
    Entry& entry = newer_.find_or_insert(table_key(hash64(query_id)));
    entry.time_ms = time_ms;
    entry.query = query;
  }

  std::optional<RememberedQuery> find(std::string_view query_id, std::int64_t time_ms) const {
    if (query_id.empty()) return std::nullopt;
    const std::uint64_t key = table_key(hash64(query_id));
    const Entry* entry = newer_.find(key);
    if (entry == nullptr) entry = older_.find(key);
    if (entry == nullptr || std::max<std::int64_t>(time_ms, 0) - entry->time_ms > remembered_ms_) return std::nullopt;
    return entry->query;
  }

  std::size_t size() const { return newer_.size() + older_.size(); }
  std::size_t bytes() const { return newer_.bytes() + older_.bytes(); }

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::int64_t time_ms = 0;
    RememberedQuery query;
  };

  std::size_t half_;
  std::int64_t remembered_ms_;
  std::int64_t newest_ms_ = 0;
  std::int64_t began_ms_ = 0;
  FlatTable<Entry> newer_;
  FlatTable<Entry> older_;
};

}  // namespace handsel::profiles

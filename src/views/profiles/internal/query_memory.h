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
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/core/bytes.h"
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

  // All of it in kPieces parts, so that none is large:
  //   varint newest_ms, began_ms, entries; of each, by key: u64 key, varint newest_ms - its time,
  //   u64 hash of the words, u8 whether listings were named
  static constexpr std::size_t kPieces = 32;  // sixteen of a table, by the high bits of the key
  void put(std::size_t piece, std::string& out) const {
    const std::vector<Entry> entries =
        table_of(piece).sorted([piece](const Entry& entry) { return is_in(entry.key, piece); });
    put_varint(out, static_cast<std::uint64_t>(newest_ms_));
    put_varint(out, static_cast<std::uint64_t>(began_ms_));
    put_varint(out, entries.size());
    for (const Entry& entry : entries) {
      put_fixed(out, entry.key);
      put_varint(out, static_cast<std::uint64_t>(newest_ms_ - entry.time_ms));
      put_fixed(out, entry.query.query);
      put_fixed(out, static_cast<std::uint8_t>(entry.query.names_listings ? 1 : 0));
    }
  }
  // Beside what was there. False where the bytes make no sense; then only clear() is left.
  bool take(std::size_t piece, ByteReader& in) {
    constexpr std::size_t kEntryBytesMin = 18;
    FlatTable<Entry>& table = table_of(piece);
    const std::uint64_t newest_ms = in.varint();
    const std::uint64_t began_ms = in.varint();
    const std::uint64_t entries = in.varint();
    if (!in.ok() || newest_ms > kTimeMax || began_ms > newest_ms) return false;
    if (entries > half_ - std::min(half_, table.size()) || entries > in.remaining() / kEntryBytesMin) return false;
    newest_ms_ = static_cast<std::int64_t>(newest_ms);
    began_ms_ = static_cast<std::int64_t>(began_ms);
    table.reserve(table.size() + entries);
    std::uint64_t before = 0;
    for (std::uint64_t i = 0; i < entries; ++i) {
      Entry read{.key = in.fixed<std::uint64_t>()};
      const std::uint64_t age_ms = in.varint();
      read.query.query = in.fixed<std::uint64_t>();
      const auto names_listings = in.fixed<std::uint8_t>();
      if (!in.ok() || age_ms > newest_ms || names_listings > 1 || read.key <= before || !is_in(read.key, piece)) {
        return false;
      }
      read.time_ms = static_cast<std::int64_t>(newest_ms - age_ms);
      read.query.names_listings = names_listings == 1;
      before = read.key;
      table.find_or_insert(read.key) = read;
    }
    return true;
  }
  void clear() {
    newer_ = {};
    older_ = {};
    newest_ms_ = began_ms_ = 0;
  }

  std::size_t size() const { return newer_.size() + older_.size(); }
  std::size_t bytes() const { return newer_.bytes() + older_.bytes(); }

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::int64_t time_ms = 0;
    RememberedQuery query;
  };

  static constexpr std::uint64_t kTimeMax = std::numeric_limits<std::int64_t>::max();
  static bool is_in(std::uint64_t key, std::size_t piece) { return key >> 60 == piece % (kPieces / 2); }
  const FlatTable<Entry>& table_of(std::size_t piece) const { return piece < kPieces / 2 ? newer_ : older_; }
  FlatTable<Entry>& table_of(std::size_t piece) { return piece < kPieces / 2 ? newer_ : older_; }

  std::size_t half_;
  std::int64_t remembered_ms_;
  std::int64_t newest_ms_ = 0;
  std::int64_t began_ms_ = 0;
  FlatTable<Entry> newer_;
  FlatTable<Entry> older_;
};

}  // namespace handsel::profiles

// Where the newest record of a key is between its acknowledgement and the moment
// when the catalogue knows it; so that who wrote a listing reads it back at once, and
// a partial update never starts from an older version.
//
// Thread safe; a lock and a hash lookup per key. Bounded by what the applier lags
// behind (applier.h), which is bounded itself.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "facts/log/log.h"

namespace handsel {

class PendingWrites {
 public:
  // `applied`: for each partition, the offset that is applied next.
  explicit PendingWrites(std::vector<std::uint64_t> applied) : applied_(std::move(applied)) {}

  // After the append, before anybody is told 'ok'.
  void add(std::span<const log::NewRecord> records, std::span<const log::Appended> appended);
  // The newest record of the key, if the catalogue does not know it yet.
  std::optional<log::Position> find(std::string_view key) const;
  // The catalogue knows these, in the order of each partition.
  void applied(std::span<const log::Record> records);
  std::size_t size() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
  };

  mutable std::mutex mutex_;
  std::vector<std::uint64_t> applied_;
  std::unordered_map<std::string, log::Position, Hash, std::equal_to<>> newest_;
};

}  // namespace handsel

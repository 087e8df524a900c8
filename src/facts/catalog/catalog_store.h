// Where the newest record of everything in the catalogue is.
//
// A view of Topic::kListings: it maps a kind and an id to the log position of the
// newest record, and remembers which older records nobody needs any more. It keeps no
// listing itself (docs/decisions/0002). Its folder may be deleted; applying the log
// from the start gives the same content.
//
// One thread applies records, in the order of each partition; any thread reads. What
// was applied is seen by the next read. get() and contains() cost 1-10 microseconds,
// less for an id that is not there (bloom filter). Writes are not synced: after a crash
// the store is some moments behind, and applied() says where to go on from.
//
// Bytes:
//   newest      "l/ID" -> partition (4) offset (8) exists (1), little-endian
//   superseded  partition (4) offset (8), big-endian -> empty
//   meta        "format" -> 1 (4); "applied/" partition (4, big-endian) -> next offset (8);
//               "count/l" -> how many exist (8)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"
#include "facts/catalog/codec.h"
#include "facts/log/log.h"

namespace handsel::storage {
class Database;
}

namespace handsel::catalog {

class CatalogStore {
 public:
  using Visitor = std::function<bool(std::string_view id, log::Position position)>;

  static Result<std::unique_ptr<CatalogStore>> open(const std::string& folder, std::size_t memory_max_bytes = 32 << 20);
  ~CatalogStore();

  // Records of Topic::kListings, each partition in order. Records before applied() are
  // passed over, so that replaying some of them again changes nothing; records with a
  // key that is not ours too.
  Result<void> apply(std::span<const log::Record> records);
  // The offset of the partition from which records are still to be applied.
  std::uint64_t applied(std::uint32_t partition) const;

  // kNotFound where it never was, or was deleted.
  Result<log::Position> get(Kind kind, std::string_view id) const;
  Result<bool> contains(Kind kind, std::string_view id) const;
  // In the order of ids, as of the moment of the call, until `visit` returns false.
  Result<void> visit(Kind kind, const Visitor& visit) const;
  // How many exist. Exact.
  std::uint64_t count(Kind kind) const;

  // Positions that newer records have replaced, up to `limit`, for Log::forget(). The
  // caller waits until no reader and no stored index refers to them, forgets them in
  // the log, and then says so.
  Result<std::vector<log::Position>> superseded(std::size_t limit) const;
  Result<void> forgotten(std::span<const log::Position> positions);

 private:
  explicit CatalogStore(std::unique_ptr<storage::Database> database);
  Result<void> load();

  struct Changes;
  Result<void> apply_one(const log::Record& record, Changes& changes) const;

  using Counts = std::array<std::uint64_t, kKinds.size()>;
  using Applied = std::map<std::uint32_t, std::uint64_t>;  // by partition

  const std::unique_ptr<storage::Database> database_;
  mutable std::mutex mutex_;  // guards the two
  Counts counts_{};
  Applied applied_;
};

}  // namespace handsel::catalog

// The log: the only truth. Everything else can be computed from it again.
//
// A topic is a set of partitions; a partition is a sequence of records with dense,
// growing offsets from 0. Records of one key go to one partition, so their order
// is kept. `append` returns after the records are durable (group commit: callers
// that arrive together share one fsync). What a reader may see is what is durable.
//
// The interface is what Apache Kafka offers too (topics, partitions, offsets,
// keys, compaction), so that a second implementation can stand here without a
// change above it; the embedded one (embedded_log.h) keeps records in RocksDB.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"

namespace handsel::log {

inline constexpr std::size_t kRecordBytesMax = 1 << 20;

enum class Topic : std::uint8_t { kListings, kEvents, kDecisions };
inline constexpr std::array kTopics = {Topic::kListings, Topic::kEvents, Topic::kDecisions};
std::string_view topic_name(Topic topic);

struct Position {
  std::uint32_t partition = 0;
  std::uint64_t offset = 0;
  auto operator<=>(const Position&) const = default;
};

// What a caller appends. An empty payload is a tombstone: the key is gone.
struct NewRecord {
  std::string key;
  std::string payload;
  // Where not empty: the second record with it is not appended, and its position
  // is the first one's. Remembered for kIdempotencyDays.
  std::string idempotency_key;
};

struct Appended {
  Position position;
  bool duplicate = false;
};

// What a reader gets.
struct Record {
  Position position;
  std::int64_t time_ms = 0;  // when it was appended
  std::string key;
  std::string payload;
};

// Thread safe.
class Log {
 public:
  virtual ~Log() = default;

  // All or nothing, durable on return; positions in the order of `records`.
  // kTooLarge over kRecordBytesMax, kIo where the disk fails (nothing is acknowledged).
  virtual Result<std::vector<Appended>> append(Topic topic, std::span<const NewRecord> records) = 0;

  // Records of one partition from `offset` on, in order, until `visit` returns
  // false or the durable end. Compacted-away offsets are passed over. Returns the
  // offset to go on from.
  virtual Result<std::uint64_t> read(Topic topic, std::uint32_t partition, std::uint64_t offset,
                                     const std::function<bool(const Record&)>& visit) const = 0;

  // One record; kNotFound where it was compacted away or never was.
  virtual Result<Record> get(Topic topic, Position position) const = 0;

  virtual std::uint32_t partitions(Topic topic) const = 0;
  // The offset that the next record of the partition gets.
  virtual std::uint64_t end_offset(Topic topic, std::uint32_t partition) const = 0;

  // Forgets records whose keys have newer ones, among `positions` (which the
  // caller, a view that knows the newest of each key, names). Only for topics
  // where just the newest counts. Not synced: it may be undone by a crash.
  virtual Result<void> forget(Topic topic, std::span<const Position> positions) = 0;

  // A consistent copy in an empty or absent folder, while appends go on.
  virtual Result<void> backup(const std::string& folder) const = 0;
};

inline constexpr int kIdempotencyDays = 7;

// Which of `count` partitions a key belongs to.
std::uint32_t partition_of(std::string_view key, std::uint32_t count);

}  // namespace handsel::log

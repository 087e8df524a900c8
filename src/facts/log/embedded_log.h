// The log in one folder of this machine, over base/storage.
//
// Durable: append() returns ok only after the records and their idempotency keys are
// synced. Callers that arrive while a sync runs share the next one: the first of them
// leads, numbers everybody's records, writes one batch, syncs once, wakes the rest.
// When a write or sync fails, nobody of that group is told 'ok' and the log refuses
// appends until it is opened again: after a failed fsync the kernel may have dropped
// the bytes, so trying again would prove nothing. Reads go on.
//
// Readers see records only after their sync: end_offset() moves last.
//
// Bytes (all families are in the folder's one database):
//   records      key    topic (1) partition (4, big-endian) offset (8, big-endian)
//                value  version 1 (1) crc32c (4, little-endian) LogRecord message of log_record.proto
//                       the crc covers the message and then the key, so that a record
//                       that turns up in the wrong place is found out too
//   idempotency  key    128-bit hash of topic and idempotency key (16)
//                value  time_ms (8) partition (4) offset (8), little-endian
//   meta         "format" -> 1 (4), "partitions" -> per topic (4), little-endian
//
// Reads verify the crc: a record that fails is kCorrupt and named by its position.
// Idempotency keys older than kIdempotencyDays count as never seen, and background
// merges drop them.
//
// Thread safe. Cost: one fsync per group; about 7 microseconds of processor per small
// record with an idempotency key, half of them in background merges.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/core/clock.h"
#include "facts/log/log.h"

namespace handsel::storage {
class FaultyDisk;
}

namespace handsel::log {

inline constexpr std::uint32_t kPartitionsDefault = 4;
inline constexpr std::uint32_t kPartitionsMax = 256;
// What one sync may carry; further callers wait for the next one.
inline constexpr std::size_t kGroupBytesMax = 16 << 20;
// What one append() may carry; kTooLarge beyond.
inline constexpr std::size_t kAppendRecordsMax = 100'000;
inline constexpr std::size_t kAppendBytesMax = 64 << 20;

struct EmbeddedLogOptions {
  std::string folder;
  // Per topic, fixed when the log is made. Nothing: whatever the log has, or
  // kPartitionsDefault for a new one. Another number than the log's is kConflict.
  std::optional<std::uint32_t> partitions;
  std::size_t memory_max_bytes = 64 << 20;
  bool create = true;      // make it where it is absent
  bool read_only = false;  // what is durable at the moment of opening, beside a process that writes; appends fail
  storage::FaultyDisk* disk = nullptr;  // tests
};

// `clock` is borrowed and outlives the log.
Result<std::unique_ptr<Log>> open_embedded_log(const EmbeddedLogOptions& options, const Clock& clock);

}  // namespace handsel::log

// How far an event log was read, in a form that recognises the log: for each partition, the
// offset to go on from and a hash of the record before it, with its moment and its place.
//
// A log only grows. Where it still has those records, all that was read is there as it was;
// where it ends before them (an older backup was put in its place) or has others there (it
// went on from that backup, or is another log), it is not the log that was read.
//
// Any thread; one look-up in the log a partition.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/core/result.h"
#include "facts/log/log.h"

namespace handsel::events {

struct LogMark {
  struct Partition {
    std::uint64_t next = 0;
    std::uint64_t last_record = 0;  // hash of the one at next - 1; 0 where next is 0
    bool operator==(const Partition&) const = default;
  };
  std::vector<Partition> partitions;
  bool operator==(const LogMark&) const = default;

  std::vector<std::uint64_t> next() const;
};

// Of a log that was read up to `next` (EventReader::next()).
Result<LogMark> mark_log(const log::Log& log, std::span<const std::uint64_t> next);

// ok where this log was read; kConflict, saying how it differs, where another was.
Result<void> check_log(const log::Log& log, const LogMark& mark);

}  // namespace handsel::events

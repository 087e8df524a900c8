// Reads the event log as one sequence, though it lies in partitions.
//
// Order: by the moment of the append, then by the event's own time, then by partition and
// offset. Within a partition (a session is in one) the order of the log is kept up to the
// order of times within one append. The same log read again gives the same sequence as
// long as it is read in pieces that had settled: what was appended in the same millisecond
// as the end of a piece may come in another piece the next time.
//
// One thread. A piece is kept in memory: kPieceRecords events of each partition at most.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/core/result.h"
#include "facts/events/event.h"
#include "facts/log/log.h"

namespace handsel::events {

inline constexpr std::size_t kPieceRecords = 4'000;

class EventReader {
 public:
  // `next`: for each partition, the offset to begin at; empty: at the beginning. Borrows the log.
  explicit EventReader(const log::Log& log, std::vector<std::uint64_t> next = {});

  // The next piece; empty where everything durable was read. Events of a newer program's kinds
  // are passed over; kCorrupt names a record that is no event.
  Result<std::vector<Event>> read();
  // For each partition, the offset of the first record that no piece had.
  const std::vector<std::uint64_t>& next() const { return next_; }

 private:
  const log::Log& log_;
  std::vector<std::uint64_t> next_;
};

}  // namespace handsel::events

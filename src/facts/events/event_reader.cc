#include "facts/events/event_reader.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "facts/events/codec.h"

namespace handsel::events {
namespace {

struct Read {
  std::int64_t appended_ms = 0;
  log::Position position;
  Event event;
};

}  // namespace

EventReader::EventReader(const log::Log& log, std::vector<std::uint64_t> next) : log_(log), next_(std::move(next)) {
  next_.resize(log_.partitions(log::Topic::kEvents));
}

Result<std::vector<Event>> EventReader::read() {
  std::vector<log::Record> records;
  // A partition that has more may hold something older than what others end with.
  std::int64_t settled_ms = std::numeric_limits<std::int64_t>::max();
  for (std::uint32_t partition = 0; partition < next_.size(); ++partition) {
    const std::size_t begin = records.size();
    HANDSEL_TRY(log_.read(log::Topic::kEvents, partition, next_[partition], [&](const log::Record& record) {
      // Never cut within one millisecond, so that something settles.
      if (records.size() - begin >= kPieceRecords && record.time_ms != records.back().time_ms) return false;
      records.push_back(record);
      return true;
    }));
    if (records.size() - begin >= kPieceRecords) settled_ms = std::min(settled_ms, records.back().time_ms);
  }
  std::vector<Read> piece;
  for (const log::Record& record : records) {
    if (record.time_ms > settled_ms) continue;
    std::uint64_t& next = next_[record.position.partition];
    next = std::max(next, record.position.offset + 1);
    auto event = decode(record.payload);
    if (event) {
      piece.push_back({record.time_ms, record.position, std::move(*event)});
    } else if (event.error().code != Code::kUnsupported) {
      return fail(event.error().code, "event {}/{} of the log: {}", record.position.partition, record.position.offset,
                  event.error().message);
    }
  }
  std::ranges::sort(piece, {}, [](const Read& read) {
    return std::tuple(read.appended_ms, read.event.time_ms, read.position.partition, read.position.offset);
  });
  std::vector<Event> events;
  events.reserve(piece.size());
  for (Read& read : piece) events.push_back(std::move(read.event));
  return events;
}

}  // namespace handsel::events

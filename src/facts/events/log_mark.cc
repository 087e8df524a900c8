#include "facts/events/log_mark.h"

#include "base/core/hash.h"

namespace handsel::events {
namespace {

Result<std::uint64_t> hash_of(const log::Log& log, log::Position position) {
  HANDSEL_ASSIGN(const log::Record record, log.get(log::Topic::kEvents, position));
  const auto time = static_cast<std::uint64_t>(record.time_ms);
  return hash64(record.payload, hash64(record.key, mix64(time) ^ position.offset));
}

}  // namespace

std::vector<std::uint64_t> LogMark::next() const {
  std::vector<std::uint64_t> next;
  for (const Partition& partition : partitions) next.push_back(partition.next);
  return next;
}

Result<LogMark> mark_log(const log::Log& log, std::span<const std::uint64_t> next) {
  LogMark mark;
  for (std::uint32_t p = 0; p < next.size(); ++p) {
    LogMark::Partition& partition = mark.partitions.emplace_back();
    partition.next = next[p];
    if (next[p] == 0) continue;
    HANDSEL_ASSIGN(partition.last_record, hash_of(log, {.partition = p, .offset = next[p] - 1}));
  }
  return mark;
}

Result<void> check_log(const log::Log& log, const LogMark& mark) {
  if (mark.partitions.size() != log.partitions(log::Topic::kEvents)) {
    return fail(Code::kConflict, "a log of {} partitions was read, this one has {}", mark.partitions.size(),
                log.partitions(log::Topic::kEvents));
  }
  for (std::uint32_t p = 0; p < mark.partitions.size(); ++p) {
    const LogMark::Partition& partition = mark.partitions[p];
    const std::uint64_t end = log.end_offset(log::Topic::kEvents, p);
    if (partition.next > end) {
      return fail(Code::kConflict, "{} events of partition {} were read, the log has {}", partition.next, p, end);
    }
    if (partition.next == 0) continue;
    const auto last = hash_of(log, {.partition = p, .offset = partition.next - 1});
    if (!last || *last != partition.last_record) {
      return fail(Code::kConflict, "event {}/{} is not the one that was read", p, partition.next - 1);
    }
  }
  return {};
}

}  // namespace handsel::events

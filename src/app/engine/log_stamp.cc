#include "app/engine/log_stamp.h"

#include <optional>
#include <sstream>

#include "base/core/hash.h"

namespace handsel {
namespace {

constexpr std::string_view kHead = "log 1";

// Of the record before `end`; nothing where the log has forgotten it.
Result<std::optional<std::uint64_t>> mark_of(const log::Log& log, log::Topic topic, std::uint32_t partition,
                                             std::uint64_t end) {
  const auto record = log.get(topic, {partition, end - 1});
  if (!record && record.error().code == Code::kNotFound) return std::nullopt;
  if (!record) return std::unexpected(record.error());
  return hash64(record->key, hash64(record->payload, static_cast<std::uint64_t>(record->time_ms)));
}

}  // namespace

// A line "topic partition end mark" for each partition that has anything.
Result<std::string> log_stamp(const log::Log& log) {
  std::string stamp = std::string(kHead) + "\n";
  for (const log::Topic topic : log::kTopics) {
    for (std::uint32_t p = 0; p < log.partitions(topic); ++p) {
      const std::uint64_t end = log.end_offset(topic, p);
      if (end == 0) continue;
      HANDSEL_ASSIGN(const auto mark, mark_of(log, topic, p, end));
      if (mark) stamp += fmt::format("{} {} {} {}\n", static_cast<unsigned>(topic), p, end, *mark);
    }
  }
  return stamp;
}

Result<bool> is_stamp_of(const log::Log& log, std::string_view stamp) {
  std::istringstream lines{std::string(stamp)};
  std::string line;
  if (!std::getline(lines, line) || line != kHead) return false;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::size_t topic = 0;
    std::uint32_t partition = 0;
    std::uint64_t end = 0;
    std::uint64_t mark = 0;
    words >> topic >> partition >> end >> mark;
    if (!words || topic >= log::kTopics.size() || end == 0) return false;
    if (log.end_offset(log::kTopics[topic], partition) < end) return false;
    HANDSEL_ASSIGN(const auto now, mark_of(log, log::kTopics[topic], partition, end));
    if (now && *now != mark) return false;
  }
  return true;
}

}  // namespace handsel

#include "app/engine/pending_writes.h"

namespace handsel {

void PendingWrites::add(std::span<const log::NewRecord> records, std::span<const log::Appended> appended) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const log::Position position = appended[i].position;
    if (position.offset < applied_[position.partition]) continue;  // the applier was faster than we
    auto [entry, is_new] = newest_.try_emplace(records[i].key, position);
    if (!is_new && entry->second.offset < position.offset) entry->second = position;
  }
}

std::optional<log::Position> PendingWrites::find(std::string_view key) const {
  const std::lock_guard lock(mutex_);
  const auto found = newest_.find(key);
  return found == newest_.end() ? std::nullopt : std::optional(found->second);
}

void PendingWrites::applied(std::span<const log::Record> records) {
  const std::lock_guard lock(mutex_);
  for (const log::Record& record : records) {
    applied_[record.position.partition] = record.position.offset + 1;
    const auto found = newest_.find(record.key);
    if (found != newest_.end() && found->second.offset <= record.position.offset) newest_.erase(found);
  }
}

std::size_t PendingWrites::size() const {
  const std::lock_guard lock(mutex_);
  return newest_.size();
}

}  // namespace handsel

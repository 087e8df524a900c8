#include "app/engine/session_keeper.h"

#include <algorithm>
#include <numeric>

#include "facts/events/log_mark.h"
#include "views/profiles/snapshot.h"

namespace handsel {
namespace {

constexpr int kRestFactor = 100;  // so many times as long as the last file took, until the next

std::uint64_t sum_of(const SessionKeeper::Next& next) {
  return std::accumulate(next.begin(), next.end(), std::uint64_t{0});
}

}  // namespace

std::uint64_t SessionKeeper::came() const {
  return sum_of(next_) - sum_of(kept_);
}

std::optional<Error> SessionKeeper::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

SessionKeeper::Next SessionKeeper::take_up(std::stop_token stop) {
  stop_ = std::move(stop);
  if (options_.path.empty() || !parts_.files.exists(options_.path)) return {};
  const auto bytes = parts_.files.map_file(options_.path);
  if (!bytes) return {};
  const auto mark = profiles::read_snapshot(
      (*bytes)->bytes(), parts_.counters, parts_.profiles,
      [this](const events::LogMark& mark) { return events::check_log(parts_.log, mark); }, stop_);
  if (!mark) return {};
  next_ = kept_ = mark->next();
  taken_up_ = sum_of(next_);
  return next_;
}

void SessionKeeper::applied(const Next& next) {
  next_ = next;
  if (std::chrono::steady_clock::now() >= keep_at_) keep();
}

void SessionKeeper::caught_up() {
  if (!std::exchange(has_caught_up_, true) || std::chrono::steady_clock::now() >= keep_at_) keep();
}

void SessionKeeper::finish() {
  stop_ = {};
  if (parts_.counters.bytes() + parts_.profiles.stats().bytes <= kEndBytesMax) keep();
}

void SessionKeeper::keep() {
  if (options_.path.empty() || came() < options_.events_worth_keeping) return;
  const auto began = std::chrono::steady_clock::now();
  writing_ = true;
  const Result<void> written = write();
  writing_ = false;
  if (!written && written.error().code == Code::kCancelled) return;
  if (written) kept_ = next_;
  const auto ended = std::chrono::steady_clock::now();
  keep_at_ = ended + std::max<Time::duration>(options_.keep_every, kRestFactor * (ended - began));
  const std::lock_guard lock(mutex_);
  error_ = written ? std::nullopt : std::optional(written.error());
}

Result<void> SessionKeeper::write() const {
  HANDSEL_ASSIGN(const events::LogMark mark, events::mark_log(parts_.log, next_));
  HANDSEL_ASSIGN(const auto file, parts_.files.create_file(options_.path));
  HANDSEL_TRY(profiles::write_snapshot(
      mark, parts_.counters, parts_.profiles, [&file](std::string_view bytes) { return file->append(bytes); }, stop_));
  return file->commit();
}

}  // namespace handsel

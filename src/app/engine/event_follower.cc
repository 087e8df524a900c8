#include "app/engine/event_follower.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace handsel {
namespace {

constexpr auto kRetryAfter = std::chrono::seconds(1);
constexpr auto kAskAgainAfter = std::chrono::milliseconds(50);
constexpr int kNiceness = 10;

std::uint64_t distance(const log::Log& log, const std::vector<std::uint64_t>& next) {
  std::uint64_t records = 0;
  for (std::uint32_t p = 0; p < next.size(); ++p) records += log.end_offset(log::Topic::kEvents, p) - next[p];
  return records;
}

}  // namespace

EventFollower::EventFollower(const log::Log& log, Options options)
    : log_(log),
      options_(std::move(options)),
      next_(log.partitions(log::Topic::kEvents)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

EventFollower::~EventFollower() {
  stop();
}

void EventFollower::stop() {
  thread_.request_stop();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void EventFollower::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

bool EventFollower::wait_applied(std::chrono::milliseconds wait_max) {
  std::vector<std::uint64_t> ends;
  for (std::uint32_t p = 0; p < log_.partitions(log::Topic::kEvents); ++p) {
    ends.push_back(log_.end_offset(log::Topic::kEvents, p));
  }
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, wait_max, [&] {
    for (std::size_t p = 0; p < ends.size(); ++p) {
      if (next_[p] < ends[p]) return false;
    }
    return true;
  });
}

std::uint64_t EventFollower::behind() const {
  const std::lock_guard lock(mutex_);
  return distance(log_, next_);
}

std::optional<Error> EventFollower::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

Result<std::size_t> EventFollower::step() {
  const Next before = reader_->next();
  HANDSEL_ASSIGN(const std::vector<events::Event> piece, reader_->read());
  const Result<void> applied = piece.empty() ? Result<void>() : options_.apply(piece);
  if (!applied) {
    reader_.emplace(log_, before);
    return std::unexpected(applied.error());
  }
  const std::lock_guard lock(mutex_);
  next_ = reader_->next();
  return next_ == before ? 0 : std::max<std::size_t>(1, piece.size());
}

// What waits for nothing begins at once.
void EventFollower::begin(const std::stop_token& stop) {
  Next start = options_.start ? options_.start(stop) : Next();
  // Whoever searches or writes goes before what follows, which may take minutes: on Linux a thread
  // has a niceness of its own (sched(7)).
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kNiceness);
  reader_.emplace(log_, std::move(start));
  std::unique_lock lock(mutex_);
  next_ = reader_->next();
  changed_.notify_all();
  while (options_.ready && !stop.stop_requested()) {
    lock.unlock();
    const bool ready = options_.ready();
    lock.lock();
    if (ready) return;
    changed_.wait_for(lock, stop, kAskAgainAfter, [] { return false; });
  }
}

void EventFollower::run(const std::stop_token& stop) {
  begin(stop);
  bool caught_up = false;  // once is enough: a log that never pauses must not keep ticks away
  auto next_tick = std::chrono::steady_clock::time_point::min();
  while (!stop.stop_requested()) {
    const auto applied = step();
    const bool idle = !applied || *applied == 0;
    caught_up = caught_up || (applied && idle);
    {
      const std::lock_guard lock(mutex_);
      error_ = applied ? std::nullopt : std::optional(applied.error());
    }
    changed_.notify_all();
    if (options_.applied && applied && *applied > 0) options_.applied(reader_->next());
    if (options_.tick && caught_up && std::chrono::steady_clock::now() >= next_tick) {
      options_.tick();
      next_tick = std::chrono::steady_clock::now() + options_.tick_every;
    }
    if (!idle) continue;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, applied ? options_.tick_every : std::chrono::milliseconds(kRetryAfter),
                      [this] { return woken_; });
    woken_ = false;
  }
}

}  // namespace handsel

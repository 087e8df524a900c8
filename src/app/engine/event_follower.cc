#include "app/engine/event_follower.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace handsel {
namespace {

constexpr auto kRetryAfter = std::chrono::seconds(1);
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
      reader_(log),
      next_(reader_.next()),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

EventFollower::~EventFollower() {
  thread_.request_stop();
  changed_.notify_all();
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
  const std::vector<std::uint64_t> before = reader_.next();
  HANDSEL_ASSIGN(const std::vector<events::Event> piece, reader_.read());
  if (!piece.empty()) HANDSEL_TRY(options_.apply(piece));
  const std::lock_guard lock(mutex_);
  next_ = reader_.next();
  return next_ == before ? 0 : std::max<std::size_t>(1, piece.size());
}

void EventFollower::run(const std::stop_token& stop) {
  // Whoever searches or writes goes first: on Linux a thread has a niceness of its own (sched(7)).
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kNiceness);
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

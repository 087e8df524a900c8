// Carries events from the log into views of what people do. One thread of its own; it
// reads what is durable in one order (facts/events/event_reader.h), so that a restart
// computes what was there before.
//
// Where a view fails, it says so in error() and is given the same events again every second.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "base/core/result.h"
#include "facts/events/event.h"
#include "facts/events/event_reader.h"
#include "facts/log/log.h"

namespace handsel {

class EventFollower {
 public:
  using Apply = std::function<Result<void>(std::span<const events::Event>)>;
  using Next = std::vector<std::uint64_t>;  // for each partition, the offset to go on from
  struct Options {
    Apply apply;                 // on the follower's thread
    std::function<void()> tick;  // likewise: once the log was read to its end, then every `tick_every`
    std::chrono::milliseconds tick_every{1'000};
    // Likewise, before all else: where to begin. Empty: at the beginning of the log.
    std::function<Next(const std::stop_token&)> start;
    // Likewise, before anything is read: whether it may be. Asked again until it is true.
    std::function<bool()> ready;
    // Likewise, after each piece that was applied, and after whoever waited for it was told.
    std::function<void(const Next&)> applied;
  };
  EventFollower(const log::Log& log, Options options);
  ~EventFollower();

  // After an append.
  void wake();
  // Until every event that was durable at the call is applied; false after `wait_max`.
  bool wait_applied(std::chrono::milliseconds wait_max);
  std::uint64_t behind() const;
  std::optional<Error> error() const;
  // Nothing is applied any more after this returns.
  void stop();

 private:
  void run(const std::stop_token& stop);
  void begin(const std::stop_token& stop);
  Result<std::size_t> step();

  const log::Log& log_;
  const Options options_;
  std::optional<events::EventReader> reader_;  // of the follower's thread

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Next next_;
  bool woken_ = false;
  std::optional<Error> error_;
  std::jthread thread_;
};

}  // namespace handsel

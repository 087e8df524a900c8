// Carries events from the log into views of what people do. One thread of its own; it
// reads what is durable in one order (facts/events/event_reader.h), so that a restart
// computes what was there before.
//
// Where a view fails, it says so in error() and tries again every second.
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
  struct Options {
    Apply apply;                 // on the follower's thread
    std::function<void()> tick;  // likewise: once the log was read to its end, then every `tick_every`
    std::chrono::milliseconds tick_every{1'000};
  };
  EventFollower(const log::Log& log, Options options);
  ~EventFollower();

  // After an append.
  void wake();
  // Until every event that was durable at the call is applied; false after `wait_max`.
  bool wait_applied(std::chrono::milliseconds wait_max);
  std::uint64_t behind() const;
  std::optional<Error> error() const;

 private:
  void run(const std::stop_token& stop);
  Result<std::size_t> step();

  const log::Log& log_;
  const Options options_;
  events::EventReader reader_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::uint64_t> next_;
  bool woken_ = false;
  std::optional<Error> error_;
  std::jthread thread_;
};

}  // namespace handsel

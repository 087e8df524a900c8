// Carries records into the log behind the answers: nobody waits for it. What the disk cannot keep up with is dropped
// and counted; a record less is an observation less, not a wrong one.
//
// Thread safe; one thread of its own, which sleeps where there is nothing to write.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/core/result.h"

namespace handsel {

template <typename Item>
class BackgroundWriter {
 public:
  static constexpr std::size_t kWaitingMax = 4'096;  // items
  // Returns how many of them could not be written for what they are; an error is one of all.
  using Write = std::function<Result<std::size_t>(const std::vector<Item>&)>;

  // `what` is said of items that were dropped, for people: "of {} searches it is not recorded ...".
  BackgroundWriter(std::string what, Write write)
      : what_(std::move(what)), write_(std::move(write)), thread_([this](const std::stop_token& stop) { run(stop); }) {}
  // Writes what still waits.
  ~BackgroundWriter() {
    thread_.request_stop();
    thread_.join();
  }

  // A lock and a move. False where it was dropped.
  bool put(Item item) {
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() >= kWaitingMax) {
        ++dropped_;
        return false;
      }
      waiting_.push_back(std::move(item));
    }
    put_.notify_one();
    return true;
  }

  // Until all that was put is durable or dropped; the error is the last write's.
  Result<void> finish_now() {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [&] { return waiting_.empty() && !writing_; });
    if (error_) return std::unexpected(*error_);
    return {};
  }

  std::uint64_t written() const { return written_; }
  std::uint64_t dropped() const { return dropped_; }

  // In words; nothing: all were written.
  std::optional<std::string> trouble() const {
    const std::lock_guard lock(mutex_);
    if (error_) return fmt::format("{} are not recorded: {}", what_, error_->message);
    if (dropped_ == 0) return std::nullopt;
    return fmt::format("{} {} are not recorded: too many at once", dropped_.load(), what_);
  }

 private:
  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    for (;;) {
      put_.wait(lock, stop, [&] { return !waiting_.empty(); });
      if (waiting_.empty()) return;  // stopped, and all is written
      const std::vector<Item> items = std::exchange(waiting_, {});
      writing_ = true;
      lock.unlock();
      const Result<std::size_t> refused = write_(items);
      const std::size_t dropped = refused ? *refused : items.size();
      dropped_ += dropped;
      written_ += items.size() - dropped;
      lock.lock();
      writing_ = false;
      error_ = refused ? std::nullopt : std::optional(refused.error());
      idle_.notify_all();
    }
  }

  const std::string what_;
  const Write write_;
  std::atomic<std::uint64_t> written_ = 0;
  std::atomic<std::uint64_t> dropped_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable_any put_;
  std::condition_variable_any idle_;
  std::vector<Item> waiting_;
  bool writing_ = false;
  std::optional<Error> error_;
  std::jthread thread_;
};

}  // namespace handsel

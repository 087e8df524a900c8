// Carries the record of interleaved answers into the log, behind the answers: nobody waits for
// it. What the disk cannot keep up with is dropped and counted; a click without its record is
// one observation less, not a wrong one.
//
// Thread safe; one thread of its own, which sleeps where there is no trial.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/core/result.h"
#include "facts/decisions/interleaving.h"
#include "facts/log/log.h"

namespace handsel {

class InterleavingWriter {
 public:
  static constexpr std::size_t kWaitingMax = 4'096;  // answers; some two megabytes of 24 hits
  using Append = std::function<Result<void>(std::span<const log::NewRecord>)>;

  explicit InterleavingWriter(Append append);
  ~InterleavingWriter();  // writes what still waits

  // A lock and a move.
  void put(decisions::InterleavedSearch search);
  // Until all that was put is durable or dropped; the error is the last append's.
  Result<void> finish_now();
  std::uint64_t dropped() const { return dropped_; }
  // In words; nothing: all were written.
  std::optional<std::string> trouble() const;

 private:
  void run(const std::stop_token& stop);
  Result<void> write(const std::vector<decisions::InterleavedSearch>& searches);

  const Append append_;
  std::atomic<std::uint64_t> dropped_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable_any put_;
  std::condition_variable_any idle_;
  std::vector<decisions::InterleavedSearch> waiting_;
  bool writing_ = false;
  std::optional<Error> error_;
  std::jthread thread_;
};

}  // namespace handsel

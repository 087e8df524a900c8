// Carries listings from the log into the views: the catalogue's positions and the
// index. One thread of its own; it reads what is durable, in log order, so that a
// write, a restart and a rebuild from nothing are the same thing.
//
// A write is applied within milliseconds and visible at the next refresh, at most
// refresh_every later. While more than kLagRecordsMax records wait, writers are
// held back (wait_for_room), so that "a second later it is found" stays true.
//
// Where the disk fails under a view, the applier says so in error(), keeps what is
// visible, and tries again every second.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "app/engine/pending_writes.h"
#include "base/core/result.h"
#include "facts/catalog/catalog_store.h"
#include "facts/log/log.h"
#include "views/index/index.h"

namespace handsel {

inline constexpr std::uint64_t kLagRecordsMax = 10'000;
inline constexpr std::size_t kStepRecordsMax = 4'000;  // applied at once
inline constexpr std::size_t kStepBytesMax = 16u << 20;

using Offsets = std::vector<std::uint64_t>;  // by partition

class Applier {
 public:
  struct Parts {  // borrowed
    const log::Log& log;
    catalog::CatalogStore& catalog;
    index::Index& index;
    PendingWrites& pending;
  };
  struct Options {
    std::chrono::milliseconds refresh_every{100};
    std::size_t threads = 1;
    std::function<void()> refreshed;  // on the applier's thread, after each refresh
  };
  Applier(Parts parts, Options options);
  ~Applier();

  // After an append.
  void wake();
  // Before an append: kOverloaded where the lag stays too great for `wait_max`.
  Result<void> wait_for_room(std::chrono::milliseconds wait_max);
  // Until everything before `targets` is in the catalogue; false after `wait_max`.
  bool wait_applied(const Offsets& targets, std::chrono::milliseconds wait_max);
  // Until everything before `targets` is visible. The error that stands in the way, if one does.
  Result<void> wait_visible(const Offsets& targets);
  // The next offsets to apply.
  Offsets applied() const;
  std::uint64_t behind() const;
  std::optional<Error> error() const;
  // Records that hold nothing that this program understands; they are not shown.
  std::uint64_t unreadable() const;

  static Offsets end_of(const log::Log& log);

 private:
  using Time = std::chrono::steady_clock::time_point;
  void run(const std::stop_token& stop);
  Result<std::size_t> step();
  Result<std::vector<log::Record>> read_some() const;
  void index_records(std::span<const log::Record> records);
  void refresh();
  bool refresh_is_due(Time now) const;
  void sleep(const std::stop_token& stop, bool failed);

  const Parts parts_;
  const Options options_;
  const Offsets index_from_;  // what the index had when it was opened

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Offsets next_;     // to be applied
  Offsets visible_;  // as of the last refresh
  bool refresh_wanted_ = false;
  bool woken_ = false;
  std::optional<Error> error_;
  std::uint64_t unreadable_ = 0;

  Time refreshed_at_{};  // of the applier's thread
  std::jthread thread_;
};

}  // namespace handsel

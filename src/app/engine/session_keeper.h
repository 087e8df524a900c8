// Keeps counters and profiles over a restart: in one file (DIR/derived/profiles, see
// views/profiles/snapshot.h), with how far in the event log they had come, so that only
// what came after is read again.
//
// Written once the log was read to its end, then every `keep_every` in which
// `events_worth_keeping` came, and at a clean end. It is written by the thread that
// observes, between two pieces of the log: nobody else changes what is written, so no
// reader waits; events wait for it, and readers see them that much later. A file that
// takes longer is written less often: a hundredth of the time at most goes into it.
//
// A file that is damaged, of another version or other options, or of another log is as
// good as none: everything is read again. So is one that says more than the log holds.
//
// Cost, measured (bench/profiles_bench.cc, 1.2 million events of the demo, 200,000 listings):
//                                              file      writing   taking up
//   a million counters (listings, pairs,
//   remembered queries)                        18 MB     0.05 s    0.04 s
//   a million people                           1,650 MB  5.4 s     3.0 s
// so the most that counters and profiles hold by their defaults, 32 million and 400,000, makes
// a file of 1.2 GB and a pause of four seconds. Memory: a piece at a time, 1 MB mostly, plus what the
// file takes of the page cache. The end of a process waits for it only up to kEndBytesMax in
// memory, two seconds and the disk's sync; beyond, the last file stands.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/core/file_system.h"
#include "base/core/result.h"
#include "facts/log/log.h"
#include "views/profiles/counters.h"
#include "views/profiles/profiles.h"

namespace handsel {

// One thread, but for what says otherwise.
class SessionKeeper {
 public:
  static constexpr std::size_t kEndBytesMax = 1u << 30;
  using Next = std::vector<std::uint64_t>;  // for each partition, the offset to go on from
  struct Parts {                            // borrowed
    FileSystem& files;
    const log::Log& log;
    profiles::Counters& counters;
    profiles::ProfileStore& profiles;
  };
  struct Options {
    std::string path;  // empty: nothing is kept
    std::chrono::milliseconds keep_every = std::chrono::minutes(5);
    std::uint64_t events_worth_keeping = 1'000;  // fewer are read again in a tenth of a second
  };
  SessionKeeper(Parts parts, Options options) : parts_(parts), options_(std::move(options)) {}

  // What was kept, into empty counters and profiles; where to read on. Empty: at the beginning.
  // `stop` ends this and every file that is being written, but for finish().
  Next take_up(std::stop_token stop);
  // The log was applied up to there.
  void applied(const Next& next);
  // Likewise, to its end.
  void caught_up();
  // Nothing comes any more.
  void finish();

  // Any thread.
  bool is_writing() const { return writing_; }
  // Events that were not read again.
  std::uint64_t taken_up() const { return taken_up_; }
  // Why the next start will have more to read than it should.
  std::optional<Error> error() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  std::uint64_t came() const;
  void keep();
  Result<void> write() const;

  const Parts parts_;
  const Options options_;
  Next next_;  // what was applied
  Next kept_;  // of the file
  bool has_caught_up_ = false;
  std::stop_token stop_;
  Time keep_at_ = std::chrono::steady_clock::now() + options_.keep_every;

  std::atomic<bool> writing_ = false;
  std::atomic<std::uint64_t> taken_up_ = 0;
  mutable std::mutex mutex_;
  std::optional<Error> error_;
};

}  // namespace handsel

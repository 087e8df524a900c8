// Watches what the machine has left, four times a second: memory against the ceiling,
// room on the disk against what writes need.
//
// Searches ask it for room before they begin, so that many at once do not outrun the looks.
// Near the memory ceiling it lets go, in this order, of mapped index pages, of kept
// generations, of what the allocator holds back. Below the disk's floor,
// disk_error() says so, and the engine refuses writes until there is room again:
// refusing early keeps the log healthy, where a write that fails half-way would close
// it until a restart.
//
// Thread safe; disk_error() is a lock.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/core/result.h"

namespace handsel {

class Governor {
 public:
  struct Options {
    std::string folder;
    std::size_t ceiling_bytes = 0;  // 0: none
    std::uint64_t disk_free_min_bytes = 0;
    std::function<std::size_t()> resident_bytes;
    std::function<Result<std::uint64_t>(const std::string&)> free_bytes;
    std::function<void()> release;  // gives memory back; on the governor's thread
  };
  explicit Governor(Options options);
  ~Governor();

  std::optional<Error> disk_error() const;
  // True where memory stayed over the ceiling after everything was let go.
  bool memory_is_short() const;
  // One look, now. The thread does this too.
  void look();
  // Lets go of mapped pages where memory is near the ceiling. Costs about 5 microseconds
  // under a ceiling, nothing without.
  void make_room() const;

 private:
  void run(const std::stop_token& stop);
  bool is_near_ceiling() const;

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::optional<Error> disk_error_;
  bool memory_is_short_ = false;
  std::jthread thread_;
};

// Of the disk that holds the path, for us.
Result<std::uint64_t> free_disk_bytes(const std::string& path);

}  // namespace handsel

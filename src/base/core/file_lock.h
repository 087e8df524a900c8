// One holder at a time, among processes and threads.
//
// An advisory lock (flock) on a file that is made where it is absent and stays. The file also holds the process's
// number, for the message that others get. The kernel drops the lock with the process, so a crash leaves nothing to
// clean up.
#pragma once

#include <optional>
#include <string>

#include "base/core/result.h"

namespace handsel {

class FileLock {
 public:
  // Waits until it is free. The folder of `path` exists.
  static Result<FileLock> acquire(const std::string& path);
  // Nothing where another holds it.
  static Result<std::optional<FileLock>> try_acquire(const std::string& path);
  // The number of the process that took it last, for people; "unknown" where none is there.
  static std::string holder(const std::string& path);

  FileLock(FileLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  static Result<FileLock> open(const std::string& path);
  Result<bool> take(const std::string& path, int how) const;
  int fd_;
};

}  // namespace handsel

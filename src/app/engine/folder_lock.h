// One process at a time on a data folder.
//
// An advisory lock (flock) on DIR/lock, which also holds the process's number for
// the message that the second process gets. The kernel drops the lock with the
// process, so a crash leaves nothing to clean up.
#pragma once

#include <string>

#include "base/core/result.h"

namespace handsel {

class FolderLock {
 public:
  // kConflict where another process holds it, naming that process. The folder exists.
  static Result<FolderLock> acquire(const std::string& folder);
  FolderLock(FolderLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FolderLock& operator=(FolderLock&& other) noexcept;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace handsel

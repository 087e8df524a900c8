// One process at a time on a data folder, and one training at a time.
//
//   DIR/lock           who has the folder open, and alone may write
//   DIR/training/lock  who trains; that may be another one (docs/decisions/0011-training-beside-a-server.md)
//
// Locks of base/core/file_lock.h: a crash leaves nothing to clean up.
#pragma once

#include <string>

#include "base/core/file_lock.h"
#include "base/core/result.h"

namespace handsel {

class FolderLock {
 public:
  // kConflict where another process holds it, naming that process. The folder exists.
  static Result<FolderLock> acquire(const std::string& folder);
  // The same of DIR/training, which exists.
  static Result<FolderLock> acquire_training(const std::string& folder);
  // Who has the folder open, as a number for people.
  static std::string holder(const std::string& folder);

 private:
  explicit FolderLock(FileLock lock) : lock_(std::move(lock)) {}
  FileLock lock_;
};

}  // namespace handsel

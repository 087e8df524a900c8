#include "app/engine/folder_lock.h"

namespace handsel {
namespace {

std::string lock_path(const std::string& folder) {
  return folder + "/lock";
}

}  // namespace

Result<FolderLock> FolderLock::acquire(const std::string& folder) {
  HANDSEL_ASSIGN(auto lock, FileLock::try_acquire(lock_path(folder)));
  if (lock) return FolderLock(std::move(*lock));
  return fail(Code::kConflict, "the data folder {} is in use by process {}; stop that one first", folder,
              holder(folder));
}

Result<FolderLock> FolderLock::acquire_training(const std::string& folder) {
  const std::string path = lock_path(folder + "/training");
  HANDSEL_ASSIGN(auto lock, FileLock::try_acquire(path));
  if (lock) return FolderLock(std::move(*lock));
  return fail(Code::kConflict, "process {} trains on {} already; wait for its end, or stop it", FileLock::holder(path),
              folder);
}

std::string FolderLock::holder(const std::string& folder) {
  return FileLock::holder(lock_path(folder));
}

}  // namespace handsel

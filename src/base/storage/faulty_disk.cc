#include "base/storage/faulty_disk.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include "base/storage/faulty_disk_impl.h"
#include "base/storage/status.h"

namespace handsel::storage {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

std::string parent_of(const std::string& path) {
  return std::filesystem::path(path).lexically_normal().parent_path().string();
}

}  // namespace

// Which bytes and names would outlive a power cut. Thread safe.
class DiskLedger {
 public:
  void become(DiskState state) {
    const std::lock_guard lock(mutex_);
    state_ = state;
    syncs_left_ = -1;
  }

  void become_after_syncs(DiskState state, int count) {
    const std::lock_guard lock(mutex_);
    next_state_ = state;
    syncs_left_ = count;
    step();
  }

  int syncs() const {
    const std::lock_guard lock(mutex_);
    return syncs_;
  }

  // May a write, a new name, a removal happen now?
  IOStatus allow_change() const {
    const std::lock_guard lock(mutex_);
    if (state_ == DiskState::kFull) return IOStatus::NoSpace("No space left on device");
    if (state_ == DiskState::kDead) return IOStatus::IOError("the disk is dead");
    return IOStatus::OK();
  }

  IOStatus allow_sync() {
    const std::lock_guard lock(mutex_);
    if (state_ != DiskState::kHealthy) return IOStatus::IOError("the disk does not sync");
    ++syncs_;
    if (syncs_left_ > 0) --syncs_left_;
    step();
    return IOStatus::OK();
  }

  void created(const std::string& path) {
    const std::lock_guard lock(mutex_);
    files_[path] = {.synced = 0, .written = 0, .named = false};
  }
  void reopened(const std::string& path, std::uint64_t size) {
    const std::lock_guard lock(mutex_);
    files_[path] = {.synced = size, .written = size, .named = true};
  }
  void appended(const std::string& path, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    files_[path].written += bytes;
  }
  void truncated(const std::string& path, std::uint64_t size) {
    const std::lock_guard lock(mutex_);
    File& file = files_[path];
    file.written = size;
    file.synced = std::min(file.synced, size);
  }
  void synced(const std::string& path) {
    const std::lock_guard lock(mutex_);
    files_[path].synced = files_[path].written;
  }
  void removed(const std::string& path) {
    const std::lock_guard lock(mutex_);
    files_.erase(path);
  }
  // A journalling file system keeps the order of a rename and of what it replaced.
  void renamed(const std::string& from, const std::string& to) {
    const std::lock_guard lock(mutex_);
    const auto node = files_.extract(from);
    if (node.empty()) return;
    files_[to] = node.mapped();
    files_[to].named = true;
  }
  void folder_synced(const std::string& folder) {
    const std::lock_guard lock(mutex_);
    for (auto& [path, file] : files_) {
      if (parent_of(path) == folder) file.named = true;
    }
  }

  Result<void> lose_unsynced() {
    const std::lock_guard lock(mutex_);
    for (const auto& [path, file] : files_) {
      std::error_code error;
      if (!std::filesystem::exists(path, error)) continue;
      if (!file.named) {
        std::filesystem::remove(path, error);
      } else if (file.synced < std::filesystem::file_size(path, error)) {
        std::filesystem::resize_file(path, file.synced, error);
      }
      if (error) return fail(Code::kIo, "cannot cut {} back: {}", path, error.message());
    }
    files_.clear();
    return {};
  }

 private:
  struct File {
    std::uint64_t synced = 0;
    std::uint64_t written = 0;
    bool named = true;  // its folder was synced since it was made
  };

  void step() {
    if (syncs_left_ != 0) return;
    state_ = next_state_;
    syncs_left_ = -1;
  }

  mutable std::mutex mutex_;
  DiskState state_ = DiskState::kHealthy;
  DiskState next_state_ = DiskState::kHealthy;
  int syncs_left_ = -1;  // -1: stays as it is
  int syncs_ = 0;
  std::map<std::string, File> files_;
};

class FaultyFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(std::unique_ptr<rocksdb::FSWritableFile> file, std::string path, DiskLedger& ledger)
      : FSWritableFileOwnerWrapper(std::move(file)), path_(std::move(path)), ledger_(ledger) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = ledger_.allow_change();
    if (status.ok()) status = target()->Append(data, options, debug);
    if (status.ok()) ledger_.appended(path_, data.size());
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = ledger_.allow_change();
    if (status.ok()) status = target()->Truncate(size, options, debug);
    if (status.ok()) ledger_.truncated(path_, size);
    return status;
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return synced([&] { return target()->Sync(options, debug); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return synced([&] { return target()->Fsync(options, debug); });
  }
  // Early write-out promises nothing.
  IOStatus RangeSync(std::uint64_t, std::uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }

 private:
  IOStatus synced(auto sync) {
    IOStatus status = ledger_.allow_sync();
    if (status.ok()) status = sync();
    if (status.ok()) ledger_.synced(path_);
    return status;
  }

  const std::string path_;
  DiskLedger& ledger_;
};

class FaultyFolder final : public rocksdb::FSDirectoryWrapper {
 public:
  FaultyFolder(std::unique_ptr<rocksdb::FSDirectory> folder, std::string path, DiskLedger& ledger)
      : FSDirectoryWrapper(std::move(folder)), path_(std::move(path)), ledger_(ledger) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return synced(FSDirectoryWrapper::Fsync(options, debug));
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& folder_options) override {
    return synced(FSDirectoryWrapper::FsyncWithDirOptions(options, debug, folder_options));
  }

 private:
  IOStatus synced(IOStatus status) {
    if (IOStatus allowed = ledger_.allow_change(); !allowed.ok()) return allowed;
    if (status.ok()) ledger_.folder_synced(path_);
    return status;
  }

  const std::string path_;
  DiskLedger& ledger_;
};

class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FaultyFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "handsel.faulty"; }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) override {
    IOStatus status = ledger.allow_change();
    if (status.ok()) status = target()->NewWritableFile(path, options, file, debug);
    if (!status.ok()) return status;
    ledger.created(path);
    *file = std::make_unique<FaultyFile>(std::move(*file), path, ledger);
    return status;
  }
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) override {
    IOStatus status = ledger.allow_change();
    if (status.ok()) status = target()->ReopenWritableFile(path, options, file, debug);
    if (!status.ok()) return status;
    std::error_code error;
    ledger.reopened(path, std::filesystem::file_size(path, error));
    *file = std::make_unique<FaultyFile>(std::move(*file), path, ledger);
    return status;
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* folder, IODebugContext* debug) override {
    IOStatus status = target()->NewDirectory(path, options, folder, debug);
    if (!status.ok()) return status;
    const std::string plain = parent_of(path + "/x");
    *folder = std::make_unique<FaultyFolder>(std::move(*folder), plain, ledger);
    return status;
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = ledger.allow_change();
    if (status.ok()) status = target()->DeleteFile(path, options, debug);
    if (status.ok()) ledger.removed(path);
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    IOStatus status = ledger.allow_change();
    if (status.ok()) status = target()->RenameFile(from, to, options, debug);
    if (status.ok()) ledger.renamed(from, to);
    return status;
  }

  DiskLedger ledger;
};

FaultyDisk::FaultyDisk() : impl_(std::make_unique<Impl>()) {
  impl_->files = std::make_shared<FaultyFileSystem>();
  impl_->env = rocksdb::NewCompositeEnv(impl_->files);
}
FaultyDisk::~FaultyDisk() = default;

void FaultyDisk::become(DiskState state) {
  impl_->files->ledger.become(state);
}
void FaultyDisk::become_after_syncs(DiskState state, int count) {
  impl_->files->ledger.become_after_syncs(state, count);
}
int FaultyDisk::syncs() const {
  return impl_->files->ledger.syncs();
}
Result<void> FaultyDisk::lose_unsynced() {
  return impl_->files->ledger.lose_unsynced();
}

}  // namespace handsel::storage

#include "base/core/file_system.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace handsel {
namespace {

Code code_of(int error) {
  switch (error) {
    case ENOENT:
      return Code::kNotFound;
    case EEXIST:
      return Code::kAlreadyExists;
    default:
      return Code::kIo;
  }
}

std::unexpected<Error> fail_errno(std::string_view what, const std::string& path) {
  const int error = errno;
  return fail(code_of(error), "cannot {} {}: {}", what, path, std::strerror(error));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int take() { return std::exchange(fd_, -1); }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

class MappedBytes final : public FileBytes {
 public:
  MappedBytes(int fd, void* data, std::size_t size) : fd_(fd), data_(data), size_(size) {}
  ~MappedBytes() override {
    if (size_ > 0) ::munmap(data_, size_);
  }
  MappedBytes(const MappedBytes&) = delete;
  MappedBytes& operator=(const MappedBytes&) = delete;
  std::string_view bytes() const override { return {static_cast<const char*>(data_), size_}; }
  void release() const override { ::madvise(data_, size_, MADV_DONTNEED); }
  void use_little_memory() const override {
    if (!copies_.exchange(true, std::memory_order_relaxed)) ::madvise(data_, size_, MADV_NOHUGEPAGE);
  }

  std::string_view fetch(std::string_view range, std::string& buffer) const override {
    if (!copies_.load(std::memory_order_relaxed)) return range;
    buffer.resize(range.size());
    auto offset = static_cast<off_t>(range.data() - static_cast<const char*>(data_));
    for (std::size_t have = 0; have < range.size();) {
      const ssize_t got = ::pread(fd_.get(), buffer.data() + have, range.size() - have, offset);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return {};
      have += static_cast<std::size_t>(got);
      offset += got;
    }
    return buffer;
  }

 private:
  const Descriptor fd_;
  void* data_;
  std::size_t size_;
  mutable std::atomic<bool> copies_{false};
};

Result<void> sync_folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const Descriptor fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) return fail_errno("sync the folder of", path);
  return {};
}

class RealFileWriter final : public FileWriter {
 public:
  RealFileWriter(int fd, std::string path, std::string temporary)
      : fd_(fd), path_(std::move(path)), temporary_(std::move(temporary)) {}
  ~RealFileWriter() override {
    if (!committed_) ::unlink(temporary_.c_str());
  }

  Result<void> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
      if (written < 0) {
        if (errno == EINTR) continue;
        return fail_errno("write", temporary_);
      }
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Result<void> commit() override {
    if (::fsync(fd_.get()) != 0) return fail_errno("sync", temporary_);
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) return fail_errno("rename onto", path_);
    committed_ = true;
    return sync_folder_of(path_);
  }

 private:
  const Descriptor fd_;
  const std::string path_;
  const std::string temporary_;
  bool committed_ = false;
};

class RealFileSystem final : public FileSystem {
 public:
  Result<std::string> read_file(const std::string& path) override {
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.valid()) return fail_errno("open", path);
    std::string bytes;
    constexpr std::size_t kStep = 1 << 16;
    for (;;) {
      const std::size_t size = bytes.size();
      bytes.resize(size + kStep);
      const ssize_t got = ::read(fd.get(), bytes.data() + size, kStep);
      if (got < 0 && errno == EINTR) {
        bytes.resize(size);
        continue;
      }
      if (got < 0) return fail_errno("read", path);
      bytes.resize(size + static_cast<std::size_t>(got));
      if (got == 0) return bytes;
    }
  }

  Result<std::shared_ptr<const FileBytes>> map_file(const std::string& path) override {
    Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.valid()) return fail_errno("open", path);
    struct stat info{};
    if (::fstat(fd.get(), &info) != 0) return fail_errno("read the size of", path);
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size == 0) return std::make_shared<HeapBytes>(std::string());
    void* data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
    if (data == MAP_FAILED) return fail_errno("map", path);
    return std::make_shared<MappedBytes>(fd.take(), data, size);
  }

  Result<std::unique_ptr<FileWriter>> create_file(const std::string& path) override {
    std::string temporary = path + ".tmp";
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return fail_errno("create", temporary);
    return std::make_unique<RealFileWriter>(fd, path, std::move(temporary));
  }

  Result<void> make_folders(const std::string& path) override {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return fail(Code::kIo, "cannot create the folder {}: {}", path, error.message());
    return {};
  }

  Result<std::vector<std::string>> list_folder(const std::string& path) override {
    std::error_code error;
    std::filesystem::directory_iterator entries(path, error);
    if (error) return fail(code_of(error.value()), "cannot list the folder {}: {}", path, error.message());
    std::vector<std::string> names;
    for (const auto& entry : entries) names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }

  Result<void> remove_file(const std::string& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail_errno("remove", path);
    return {};
  }

  bool exists(const std::string& path) override { return ::access(path.c_str(), F_OK) == 0; }
};

}  // namespace

Result<void> FileSystem::write_file(const std::string& path, std::string_view bytes) {
  HANDSEL_ASSIGN(const std::unique_ptr<FileWriter> file, create_file(path));
  HANDSEL_TRY(file->append(bytes));
  return file->commit();
}

FileSystem& real_file_system() {
  static RealFileSystem file_system;
  return file_system;
}

}  // namespace handsel

#include "base/core/file_lock.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace handsel {

Result<FileLock> FileLock::open(const std::string& path) {
  FileLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (lock.fd_ < 0) return fail(Code::kIo, "cannot open {}: {}", path, std::strerror(errno));
  return lock;
}

// False where another holds it.
Result<bool> FileLock::take(const std::string& path, int how) const {
  while (::flock(fd_, how) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) return fail(Code::kIo, "cannot lock {}: {}", path, std::strerror(errno));
  }
  // The number is for people; where a full disk refuses it, the lock holds all the same.
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd_, 0) == 0) static_cast<void>(::pwrite(fd_, pid.data(), pid.size(), 0));
  return true;
}

Result<FileLock> FileLock::acquire(const std::string& path) {
  HANDSEL_ASSIGN(FileLock lock, open(path));
  HANDSEL_TRY(lock.take(path, LOCK_EX));
  return lock;
}

Result<std::optional<FileLock>> FileLock::try_acquire(const std::string& path) {
  HANDSEL_ASSIGN(FileLock lock, open(path));
  HANDSEL_ASSIGN(const bool held, lock.take(path, LOCK_EX | LOCK_NB));
  if (!held) return std::nullopt;
  return std::optional(std::move(lock));
}

std::string FileLock::holder(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::array<char, 32> text{};
  const ssize_t size = fd < 0 ? 0 : ::pread(fd, text.data(), text.size() - 1, 0);
  if (fd >= 0) ::close(fd);
  std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  while (pid.ends_with('\n')) pid.pop_back();
  return pid.empty() ? "unknown" : pid;
}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace handsel

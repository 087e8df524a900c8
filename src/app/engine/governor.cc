#include "app/engine/governor.h"

#include <cerrno>
#include <cstring>

#include <sys/statvfs.h>

#include "base/core/heap.h"

namespace handsel {
namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(250);
// Under a ceiling: searches can touch a megabyte of mapped index in a millisecond.
constexpr auto kLookEveryUnderCeiling = std::chrono::milliseconds(10);
// Letting go starts here, so that the ceiling itself is not crossed between two looks.
constexpr double kNear = 0.7;

}  // namespace

Governor::Governor(Options options) : options_(std::move(options)) {
  look();
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Governor::~Governor() {
  thread_.request_stop();
  stopped_.notify_all();
}

std::optional<Error> Governor::disk_error() const {
  const std::lock_guard lock(mutex_);
  return disk_error_;
}

bool Governor::memory_is_short() const {
  const std::lock_guard lock(mutex_);
  return memory_is_short_;
}

bool Governor::is_near_ceiling() const {
  return options_.ceiling_bytes > 0 &&
         static_cast<double>(options_.resident_bytes()) > kNear * static_cast<double>(options_.ceiling_bytes);
}

void Governor::make_room() const {
  if (is_near_ceiling()) options_.release();
}

void Governor::look() {
  bool is_short = false;
  if (is_near_ceiling()) {
    options_.release();
    // Mapped pages are most of it and cost little to let go; giving back the heap takes a call for each page.
    if (is_near_ceiling()) return_free_memory();
    is_short = options_.resident_bytes() > options_.ceiling_bytes;
  }
  std::optional<Error> disk_error;
  const auto free = options_.free_bytes(options_.folder);
  if (free && *free < options_.disk_free_min_bytes) {
    disk_error = Error{Code::kIo, fmt::format("the disk of {} has {} MB left, less than the {} MB that writes need "
                                              "(engine.disk_free_min); reads go on, make room to write again",
                                              options_.folder, *free >> 20, options_.disk_free_min_bytes >> 20)};
  }
  const std::lock_guard lock(mutex_);
  memory_is_short_ = is_short;
  disk_error_ = std::move(disk_error);
}

void Governor::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto every = options_.ceiling_bytes > 0 ? kLookEveryUnderCeiling : kLookEvery;
  while (!stopped_.wait_for(lock, stop, every, [&] { return stop.stop_requested(); })) {
    lock.unlock();
    look();
    lock.lock();
  }
}

Result<std::uint64_t> free_disk_bytes(const std::string& path) {
  struct statvfs info{};
  if (::statvfs(path.c_str(), &info) != 0) {
    return fail(Code::kIo, "cannot see the free room of {}: {}", path, std::strerror(errno));
  }
  return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

}  // namespace handsel

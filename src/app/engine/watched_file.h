// A file of the data folder that people edit, read again when it changes: what it says is in force.
//
// The file is looked at when somebody asks and kLookEveryMs have passed, so an edit is in force within two seconds,
// without a thread. A file that cannot be read leaves the last good one in force and is a trouble until it is mended;
// one that is gone takes its words away, as if it were empty.
//
// Thread safe. A lock and a copy of a pointer a call; a read of the file every other second.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel {

inline constexpr std::int64_t kLookEveryMs = 2'000;

// `Value` without arguments is what holds where there is no file.
template <typename Value>
class WatchedFile {
 public:
  // Of the file's bytes; errors name the file and the line.
  using Parse = std::function<Result<Value>(const std::string& text)>;

  // `what` the file holds, for people: "rules". Borrows `files`.
  WatchedFile(FileSystem& files, std::string path, std::string what, Parse parse)
      : files_(files), path_(std::move(path)), what_(std::move(what)), parse_(std::move(parse)) {}

  const std::string& path() const { return path_; }

  // Never null.
  std::shared_ptr<const Value> current(std::int64_t now_ms) {
    const std::lock_guard lock(mutex_);
    look(now_ms);
    return value_;
  }

  // What is wrong with the file; nothing: all is well.
  std::optional<std::string> trouble(std::int64_t now_ms) {
    const std::lock_guard lock(mutex_);
    look(now_ms);
    return trouble_;
  }

  // The next one who asks looks, whenever that is.
  void forget_look() {
    const std::lock_guard lock(mutex_);
    looked_ms_.reset();
  }

 private:
  void look(std::int64_t now_ms) {
    // A clock that was set back must not stop the looking.
    if (looked_ms_ && now_ms >= *looked_ms_ && now_ms - *looked_ms_ < kLookEveryMs) return;
    looked_ms_ = now_ms;
    if (!files_.exists(path_)) {
      value_ = std::make_shared<const Value>();
      seen_.reset();
      trouble_.reset();
      return;
    }
    auto text = files_.read_file(path_);
    if (!text) {
      seen_.reset();
      return complain(text.error());
    }
    if (seen_ == *text) return;
    seen_ = std::move(*text);
    auto value = parse_(*seen_);
    if (!value) return complain(value.error());
    value_ = std::make_shared<const Value>(std::move(*value));
    trouble_.reset();
  }

  void complain(const Error& error) {
    trouble_ = fmt::format("the {} before it stay in force: {}", what_, error.message);
  }

  FileSystem& files_;
  const std::string path_;
  const std::string what_;
  const Parse parse_;
  std::mutex mutex_;
  std::optional<std::int64_t> looked_ms_;
  std::optional<std::string> seen_;  // the bytes that were read last; nothing: no file, or none yet
  std::shared_ptr<const Value> value_ = std::make_shared<const Value>();
  std::optional<std::string> trouble_;
};

}  // namespace handsel

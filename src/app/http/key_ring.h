// The keys that a running server checks requests against. Thread safe; a check costs
// about a microsecond and takes no lock for longer than it takes to copy a pointer.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "app/http/keys.h"
#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::http {

class KeyRing {
 public:
  // No file, or no path: no keys.
  static Result<std::unique_ptr<KeyRing>> open(FileSystem& files, std::string path);

  // True where there is a file, even one without keys.
  bool exists() const;
  // The key that belongs to the text. kUnauthorized where there is none or it has
  // expired; the message does not say which half was wrong.
  Result<std::shared_ptr<const Key>> verify(std::string_view text, std::int64_t now_ms) const;
  // What visitors without a key may do; null: nothing.
  std::shared_ptr<const Key> anonymous(std::int64_t now_ms) const;
  bool any_key_has_origin(std::string_view origin) const;
  // Looks at the file again. On an error the keys stay as they were; a file that
  // has gone leaves no keys, but still requires them.
  Result<void> reload();

 private:
  struct Keys;

  KeyRing(FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}
  std::shared_ptr<const Keys> keys() const;

  FileSystem& files_;
  const std::string path_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Keys> keys_;
};

}  // namespace handsel::http

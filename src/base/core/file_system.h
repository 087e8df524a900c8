// Files arrive through a FileSystem, so that a test can make them fail.
//
// Only what derived data needs: whole files written atomically and read or mapped.
// The log keeps its own files through base/storage.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/result.h"

namespace handsel {

// Bytes that stay valid and unchanged as long as the object lives.
class FileBytes {
 public:
  virtual ~FileBytes() = default;
  virtual std::string_view bytes() const = 0;
  // Lets go of memory that can be had again from the file; the bytes stay valid.
  virtual void release() const {}
  // From now on little of the file is in memory at a time: slower. Any thread.
  virtual void use_little_memory() const {}
  // `range` of bytes(), for who reads a little here and there. Themselves, or, after
  // use_little_memory(), a copy in `buffer`: a touch of a mapped page may bring in the two
  // megabytes around it, a copy brings in nothing. Empty where the file cannot be read.
  virtual std::string_view fetch(std::string_view range, std::string& buffer) const {
    (void)buffer;
    return range;
  }
};

// Owns a string; for what is built in memory and read as if it were a file.
class HeapBytes final : public FileBytes {
 public:
  explicit HeapBytes(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string_view bytes() const override { return bytes_; }

 private:
  std::string bytes_;
};

// A file being written: it appears under its name, whole and durable, at commit().
// Dropped before that, it leaves nothing behind. One thread.
class FileWriter {
 public:
  virtual ~FileWriter() = default;
  virtual Result<void> append(std::string_view bytes) = 0;
  virtual Result<void> commit() = 0;
};

// Thread safe.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual Result<std::string> read_file(const std::string& path) = 0;
  // Maps the file read-only; pages are read when touched and may be dropped again.
  virtual Result<std::shared_ptr<const FileBytes>> map_file(const std::string& path) = 0;
  // Writes to `path`.tmp; commit() syncs it, renames it over `path` and syncs the
  // folder: after ok the file is whole and durable, after an error the old one is
  // untouched.
  virtual Result<std::unique_ptr<FileWriter>> create_file(const std::string& path) = 0;
  // create_file, append, commit.
  Result<void> write_file(const std::string& path, std::string_view bytes);
  virtual Result<void> make_folders(const std::string& path) = 0;
  // Names, not paths; sorted. kNotFound where there is no such folder.
  virtual Result<std::vector<std::string>> list_folder(const std::string& path) = 0;
  virtual Result<void> remove_file(const std::string& path) = 0;
  virtual bool exists(const std::string& path) = 0;
};

// The machine's own file system. Lives as long as the process.
FileSystem& real_file_system();

}  // namespace handsel

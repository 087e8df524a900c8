// Files in a map, for tests. Folders are not kept. Thread safe.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/core/file_system.h"

namespace handsel::http {

class MemoryFiles final : public FileSystem {
 public:
  Result<std::string> read_file(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(path);
    if (found == files_.end()) return fail(Code::kNotFound, "there is no file {}", path);
    return found->second;
  }
  Result<std::shared_ptr<const FileBytes>> map_file(const std::string& path) override {
    HANDSEL_ASSIGN(std::string bytes, read_file(path));
    return std::make_shared<HeapBytes>(std::move(bytes));
  }
  Result<std::unique_ptr<FileWriter>> create_file(const std::string& path) override {
    return std::make_unique<Writer>(*this, path);
  }
  Result<void> make_folders(const std::string&) override { return {}; }
  Result<std::vector<std::string>> list_folder(const std::string&) override { return std::vector<std::string>{}; }
  Result<void> remove_file(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    files_.erase(path);
    return {};
  }
  bool exists(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    return files_.contains(path);
  }

 private:
  class Writer final : public FileWriter {
   public:
    Writer(MemoryFiles& files, std::string path) : files_(files), path_(std::move(path)) {}
    Result<void> append(std::string_view bytes) override {
      bytes_ += bytes;
      return {};
    }
    Result<void> commit() override {
      const std::lock_guard lock(files_.mutex_);
      files_.files_[path_] = bytes_;
      return {};
    }

   private:
    MemoryFiles& files_;
    const std::string path_;
    std::string bytes_;
  };

  std::mutex mutex_;
  std::map<std::string, std::string> files_;
};

}  // namespace handsel::http

// How `handsel backup` reaches the process that has the folder open.
//
// Two small files in the data folder, written whole: backup.request holds the target
// path, backup.answer what came of it ("ok", or a code and a message). No port, no
// key: who may write into the data folder may ask for a copy of it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel {

// Asks, and waits for the end of the backup. `to` is an absolute path. kTimedOut where
// nobody takes the request within `taken_within`; kConflict where another one waits.
Result<void> request_backup(FileSystem& files, const std::string& folder, const std::string& to,
                            std::chrono::milliseconds taken_within);

// Answers requests while it lives, looking five times a second on a thread of its own.
class BackupRequests {
 public:
  using Backup = std::function<Result<void>(const std::string& to)>;
  BackupRequests(FileSystem& files, std::string folder, Backup backup);
  ~BackupRequests();

 private:
  void run(const std::stop_token& stop);
  void answer_one();

  FileSystem& files_;
  const std::string folder_;
  const Backup backup_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace handsel

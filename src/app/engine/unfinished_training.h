// What a training had made when it was stopped, so that the next one need not make it again: DIR/training/unfinished.
//
//   task started_ms records      of the first that was made: what was asked for, when, how long the log was
//   kind id                      a line for each
//
// It is gone on from by a run that is asked for the same, within kAgeMaxMs, on a log that has not grown by more than
// kGrowthMax since: a log that is served grows all the while, but what was learned from the first day of an import
// says little at its end. One thread; one training at a time has the file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel {

class UnfinishedTraining {
 public:
  static constexpr std::int64_t kAgeMaxMs = 24LL * 3'600 * 1'000;
  static constexpr double kGrowthMax = 0.1;  // of the records

  struct Run {
    std::uint64_t task = 0;  // a hash of all that the outcome follows from, but for the log
    std::int64_t started_ms = 0;
    std::uint64_t records = 0;  // of the log
  };
  // Reads what is there and fits `run`.
  UnfinishedTraining(FileSystem& files, std::string path, Run run);

  // Ids by kind.
  const std::map<std::string, std::string>& made() const { return made_; }
  Result<void> add(std::string_view kind, std::string_view id);
  // Nothing is left to go on from.
  Result<void> finish();

 private:
  void read();

  FileSystem& files_;
  const std::string path_;
  Run run_;
  std::map<std::string, std::string> made_;
};

}  // namespace handsel

// DIR/rules.toml, read again when it changes: the merchandiser's rules in force.
//
// The file is looked at when somebody asks and kLookEveryMs have passed, so an edit is in
// force within two seconds, without a thread. A file that cannot be read leaves the last
// good rules in force and is a trouble until it is mended; one that is gone takes the
// rules away.
//
// Thread safe. A lock and a copy of a pointer a call; a read of the file every other second.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "analysis/text/analyzer.h"
#include "base/core/file_system.h"
#include "base/core/result.h"
#include "ranking/pipeline/rules.h"

namespace handsel {

inline constexpr std::int64_t kLookEveryMs = 2'000;

std::string rules_path(const std::string& data_folder);
// None where there is no such file. Errors name file and line.
Result<pipeline::Rules> load_rules(FileSystem& files, const std::string& path, const text::Analyzer& analyzer);

class RulesSource {
 public:
  // Borrows all but the path.
  RulesSource(FileSystem& files, std::string path, const text::Analyzer& analyzer);

  // Never null.
  std::shared_ptr<const pipeline::Rules> current(std::int64_t now_ms);
  // What is wrong with the file; nothing: all is well.
  std::optional<std::string> trouble(std::int64_t now_ms);

 private:
  void look(std::int64_t now_ms);  // holds mutex_

  FileSystem& files_;
  const std::string path_;
  const text::Analyzer& analyzer_;
  std::mutex mutex_;
  std::optional<std::int64_t> looked_ms_;
  std::optional<std::string> seen_;  // the bytes that were read last; nothing: no file, or none yet
  std::shared_ptr<const pipeline::Rules> rules_ = std::make_shared<pipeline::Rules>();
  std::optional<std::string> trouble_;
};

}  // namespace handsel

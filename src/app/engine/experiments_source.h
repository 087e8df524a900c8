// DIR/experiments.toml, read again when it changes (watched_file.h): the experiments in force.
#pragma once

#include <string>

#include "app/engine/experiments.h"
#include "app/engine/watched_file.h"
#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel {

std::string experiments_path(const std::string& data_folder);
// None where there is no such file. Errors name file and line.
Result<Experiments> load_experiments(FileSystem& files, const std::string& path);

class ExperimentsSource : public WatchedFile<Experiments> {
 public:
  ExperimentsSource(FileSystem& files, const std::string& path);
};

}  // namespace handsel
